//! `Did you mean: '...'?` of tracebacks: the closest of the names that there are.
//!
//! The costs are CPython's: 2 for an inserted, deleted or replaced character, 1 for one that differs in case alone; a
//! suggestion changes at most about a third of the characters.

use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::frame::FrameObject;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::sequence::List;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::exceptions::field;
use crate::vm::stdlib_names;
use crate::vm::{Exc, Vm};

const MOVE_COST: usize = 2;
const CASE_COST: usize = 1;
/// Among more names than this nothing is suggested.
const MAX_CANDIDATES: usize = 750;
/// Nor for names that are longer.
const MAX_LENGTH: usize = 40;

fn replace_cost(a: char, b: char) -> usize {
    if a == b {
        0
    } else if a.is_ascii() && b.is_ascii() && a.eq_ignore_ascii_case(&b) {
        CASE_COST
    } else {
        MOVE_COST
    }
}

/// The cost of changing `a` into `b`; None if it is above `max`.
fn distance(a: &[char], b: &[char], max: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) * MOVE_COST > max {
        return None;
    }
    let mut row: Vec<usize> = (0..=a.len()).map(|i| i * MOVE_COST).collect();
    for (j, &cb) in b.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (j + 1) * MOVE_COST;
        let mut least = row[0];
        for (i, &ca) in a.iter().enumerate() {
            let replaced = diagonal + replace_cost(ca, cb);
            diagonal = row[i + 1];
            row[i + 1] = replaced.min(row[i].min(row[i + 1]) + MOVE_COST);
            least = least.min(row[i + 1]);
        }
        if least > max {
            return None;
        }
    }
    let cost = row[a.len()];
    (cost <= max).then_some(cost)
}

/// The candidate that is closest to `wrong`, if one is close enough; the first of several.
pub fn closest(wrong: &str, candidates: &[String]) -> Option<String> {
    if candidates.len() >= MAX_CANDIDATES {
        return None;
    }
    let wrong_chars: Vec<char> = wrong.chars().collect();
    if wrong_chars.len() > MAX_LENGTH {
        return None;
    }
    let mut best: Option<(usize, &String)> = None;
    for candidate in candidates.iter().filter(|c| *c != wrong) {
        let chars: Vec<char> = candidate.chars().collect();
        if chars.len() > MAX_LENGTH {
            continue;
        }
        let mut max = (chars.len() + wrong_chars.len() + 3) * MOVE_COST / 6;
        if let Some((cost, _)) = best {
            let Some(below) = cost.checked_sub(1) else { break };
            max = max.min(below);
        }
        if let Some(cost) = distance(&wrong_chars, &chars, max) {
            best = Some((cost, candidate));
        }
    }
    best.map(|(_, name)| name.clone())
}

fn names_of(values: impl IntoIterator<Item = Value>, with_underscores: bool) -> Vec<String> {
    values
        .into_iter()
        .filter_map(|v| v.downcast::<Str>().and_then(|s| s.to_utf8().map(|t| t.into_owned())))
        .filter(|n| with_underscores || !n.starts_with('_'))
        .collect()
}

/// The names bound in the frame of a traceback, and what they mean there.
fn frame_locals(vm: &Vm, frame: &FrameObject) -> Vec<(Ref<Str>, Value)> {
    if let Some(d) = frame.namespace.get().as_ref().and_then(|m| m.downcast::<Dict>()) {
        return d.items().into_iter().filter_map(|(k, v)| Some((k.downcast::<Str>()?.clone(), v))).collect();
    }
    let names = frame.code.local_names.iter().enumerate();
    names.filter_map(|(i, name)| Some((name.clone(), vm.frame_local(frame, i)?))).collect()
}

impl Vm {
    /// What a traceback adds to the message: `. Did you mean: 'x'?`, or that an import may be missing.
    pub fn hint(&mut self, e: &Exc) -> String {
        let suggestion = self.suggest(e);
        let module = self
            .is_exception(e, &self.types().NameError)
            .then(|| e.0.downcast::<Exception>()?.field(field::NAME)?.downcast::<Str>().map(|s| s.to_string()))
            .flatten()
            .filter(|n| stdlib_names::NAMES.binary_search(&n.as_str()).is_ok());
        match (suggestion, module) {
            (Some(name), None) => format!(". Did you mean: '{name}'?"),
            (Some(name), Some(module)) => {
                format!(". Did you mean: '{name}'? Or did you forget to import '{module}'?")
            }
            (None, Some(module)) => format!(". Did you forget to import '{module}'?"),
            (None, None) => String::new(),
        }
    }

    /// The name to suggest for an AttributeError, NameError or ImportError, from the frame that raised it.
    /// Runs `dir()` of the object; its errors mean no suggestion.
    fn suggest(&mut self, e: &Exc) -> Option<String> {
        let x = e.0.downcast::<Exception>()?.clone();
        let text = |v: Option<Value>| v?.downcast::<Str>().map(|s| s.to_string());
        let mut last = x.traceback.get()?;
        while let Some(next) = last.next.get() {
            last = next;
        }
        let object = last.frame.get()?;
        let frame = object.opaque::<FrameObject>()?;
        let locals = frame_locals(self, frame);
        let t = self.types();
        if self.is_exception(e, &t.AttributeError) {
            let wrong = text(x.field(field::ATTRIBUTE_NAME))?;
            let o = x.field(field::ATTRIBUTE_OBJ)?;
            let own = locals.iter().any(|(n, v)| n.as_ascii() == Some("self") && v.is(&o));
            let names = self.dir_names(&o)?;
            return closest(&wrong, &names_of(names, own || wrong.starts_with('_')));
        }
        if self.is_exception(e, &t.ImportError) {
            let wrong = text(x.field(field::IMPORT_NAME_FROM))?;
            let module = x.field(field::IMPORT_NAME)?;
            let module = self.modules.get_str(module.downcast::<Str>()?)?;
            let names: Vec<Value> = module.downcast::<Module>()?.dict.items().into_iter().map(|(k, _)| k).collect();
            let mut names = names_of(names, wrong.starts_with('_'));
            names.sort();
            return closest(&wrong, &names);
        }
        if self.is_exception(e, &t.NameError) {
            let wrong = text(x.field(field::NAME))?;
            if let Some((_, o)) = locals.iter().find(|(n, _)| n.as_ascii() == Some("self")) {
                let name = self.intern(&wrong);
                if let Ok(Some(_)) = self.get_attr_opt(o, &name) {
                    return Some(format!("self.{wrong}"));
                }
            }
            let mut names: Vec<Value> = locals.iter().map(|(n, _)| n.to_value()).collect();
            for d in [&frame.function.globals, &frame.function.builtins] {
                names.extend(d.items().into_iter().map(|(k, _)| k));
            }
            return closest(&wrong, &names_of(names, true));
        }
        None
    }

    /// `dir(o)`, sorted; None if it fails.
    fn dir_names(&mut self, o: &Value) -> Option<Vec<Value>> {
        let name = self.types().names.__dir__.clone();
        let class = o.class(&self.heap).clone();
        let f = class.lookup(&name)?;
        let names = self.call_unbound(&f, o, &[]).ok()?;
        let mut names = match names.downcast::<List>() {
            Some(l) => l.to_vec(),
            None => self.collect(&names).ok()?,
        };
        names.sort_by_key(|v| v.downcast::<Str>().map(|s| s.to_string()));
        Some(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(wrong: &str, names: &[&str]) -> Option<String> {
        closest(wrong, &names.iter().map(|n| n.to_string()).collect::<Vec<_>>())
    }

    #[test]
    fn the_closest_name_is_suggested_if_it_is_close() {
        // What CPython 3.13's `_suggestions` gives.
        for (wrong, names, expected) in [
            ("blech", ["bluch", "abcd", "x"].as_slice(), Some("bluch")),
            ("fooo", &["foo", "Foo"], Some("foo")),
            ("LOWER", &["lower"], None),
            ("xyz", &["abc"], None),
            ("same", &["same"], None),
            ("somethign", &["something"], Some("something")),
            ("ab", &["ba", "abc"], Some("abc")),
            ("x", &["y"], None),
            ("appendd", &["append", "extend"], Some("append")),
            ("CamelCase", &["camel_case"], Some("camel_case")),
            ("foo", &["FOO", "fo"], Some("fo")),
        ] {
            assert_eq!(best(wrong, names).as_deref(), expected, "{wrong}");
        }
        assert_eq!(best(&"a".repeat(41), &["a"]), None);
    }

    #[test]
    fn case_costs_less_than_another_letter() {
        let chars = |s: &str| s.chars().collect::<Vec<_>>();
        assert_eq!(distance(&chars("abc"), &chars("aBc"), 9), Some(1));
        assert_eq!(distance(&chars("abc"), &chars("axc"), 9), Some(2));
        assert_eq!(distance(&chars("abc"), &chars("ac"), 9), Some(2));
        assert_eq!(distance(&chars("kitten"), &chars("sitting"), 20), Some(6));
        assert_eq!(distance(&chars("kitten"), &chars("sitting"), 5), None);
    }
}
