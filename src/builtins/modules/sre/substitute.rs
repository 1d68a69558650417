//! Substitution: `sub`, `subn`, and the templates that `re` parses for them.

use super::found::{Match, new_match};
use super::pattern::{Matches, Pattern};
use super::subject::{Mode, Subject};
use crate::object::sequence::{Bytes, Tuple};
use crate::object::str::{Str, StrBuilder};
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native_args::signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, R, Vm};

/// A parsed replacement: literals with group numbers between them.
struct Template {
    first: Value,
    /// Group numbers and the literal behind each.
    rest: Vec<(usize, Value)>,
}

opaque_data!(Template { first, rest });

pub static TEMPLATE: Class = Class { module: "_sre", name: "SRE_Template", ..CLASS };

/// `_sre.template(pattern, [literal, group, literal, ...])`.
pub fn template(vm: &mut Vm, a: Args<'_>) -> R {
    let parts = vm.collect(&a.pos[1])?;
    let Some(p) = a.pos[0].opaque::<Pattern>() else {
        return Err(vm.type_error("template() argument 1 must be re.Pattern"));
    };
    if parts.len() % 2 == 0 {
        return Err(vm.type_error("invalid template"));
    }
    let (mut groups, mut literals) = (Vec::new(), Vec::new());
    for pair in parts[1..].chunks(2) {
        match usize::try_from(vm.index_i64(&pair[0])?) {
            Ok(i) if i <= p.groups => groups.push(i),
            _ => return Err(vm.type_error("invalid template")),
        }
        literals.push(pair[1].clone());
    }
    let t = Template { first: parts[0].clone(), rest: groups.into_iter().zip(literals).collect() };
    let class = vm.native_class(&TEMPLATE);
    Ok(vm.new_opaque(&class, t))
}

/// The template of a replacement text, by `re._compile_template`.
pub fn compiled(vm: &mut Vm, pattern: &Value, text: &Value) -> R {
    let name = vm.intern("re");
    let re = vm.import_module(&name)?;
    let compile = vm.intern("_compile_template");
    vm.call_method(&re, &compile, &[pattern.clone(), text.clone()])
}

/// Text that is put together: of a str or of bytes.
enum Out {
    Text(StrBuilder),
    Bytes(Vec<u8>),
}

impl Out {
    fn new(is_bytes: bool) -> Out {
        if is_bytes { Out::Bytes(Vec::new()) } else { Out::Text(StrBuilder::new()) }
    }

    fn push_span(&mut self, s: &Subject, start: usize, end: usize) {
        match (self, s.object.downcast::<Str>()) {
            (Out::Text(out), Some(text)) => out.push_slice(text, start, end),
            (Out::Bytes(out), _) => out.extend_from_slice(s.bytes(start, end)),
            _ => {}
        }
    }

    /// Appends what a replacement gave; None is nothing.
    fn push(&mut self, vm: &mut Vm, v: &Value) -> R<()> {
        if v.is_none() {
            return Ok(());
        }
        match self {
            Out::Text(out) => match v.downcast::<Str>() {
                Some(t) => out.push_ref(t),
                None => {
                    let got = vm.class_name(v);
                    return Err(vm.type_error(format!("sequence item 0: expected str instance, {got} found")));
                }
            },
            Out::Bytes(out) => match v.bytes_like() {
                Some(data) => out.extend_from_slice(&data),
                None => {
                    let got = vm.class_name(v);
                    return Err(vm.type_error(format!("sequence item 0: expected a bytes-like object, {got} found")));
                }
            },
        }
        Ok(())
    }

    fn push_template(&mut self, vm: &mut Vm, t: &Template, s: &Subject, groups: &[Option<(usize, usize)>]) -> R<()> {
        self.push(vm, &t.first)?;
        for (i, literal) in &t.rest {
            if let Some((start, end)) = groups.get(*i).copied().flatten() {
                self.push_span(s, start, end);
            }
            self.push(vm, literal)?;
        }
        Ok(())
    }

    fn finish(self, vm: &Vm) -> Value {
        match self {
            Out::Text(out) => out.finish(&vm.heap).into(),
            Out::Bytes(out) => Bytes::new(&vm.heap, out).into(),
        }
    }
}

/// `match.expand(template)`.
pub fn expand(vm: &mut Vm, m: &Match, template: &Value) -> R {
    let Some(t) = template.opaque::<Template>() else { return Ok(template.clone()) };
    let mut out = Out::new(m.subject.is_bytes);
    out.push_template(vm, t, &m.subject, &m.spans.groups)?;
    Ok(out.finish(vm))
}

/// `pattern.sub(repl, string, count=0)`, and `subn`, which counts.
pub fn sub(vm: &mut Vm, a: Args<'_>, function: &'static str) -> R {
    let [Some(repl), Some(string), count] = a.rest().bind(vm, &signature(function, ["repl", "string", "count"], 2))?
    else {
        return Err(vm.type_error("sub() missing required argument"));
    };
    let p = vm.receiver::<Pattern>(a)?;
    let count = match count {
        Some(v) => vm.index_i64(v)?,
        None => 0,
    };
    let calls = vm.is_callable(repl);
    let literal = match repl.downcast::<Str>() {
        Some(t) => t.points().all(|c| c != u32::from('\\')),
        None => repl.bytes_like().is_some_and(|d| !d.contains(&b'\\')),
    };
    let repl = if calls || literal { repl.clone() } else { compiled(vm, &a.pos[0], repl)? };
    let s = p.subject(vm, string)?;
    let mut matches = Matches::new((0, s.len));
    let mut out = Out::new(s.is_bytes);
    let (mut last, mut n) = (0, 0);
    while count == 0 || n < count {
        let Some(spans) = matches.next(vm, p, &s, Mode::Search)? else { break };
        let (start, end) = spans.whole();
        out.push_span(&s, last, start);
        if calls {
            let m = Match { pattern: a.pos[0].clone(), subject: s.clone(), range: (0, s.len), spans };
            let m = new_match(vm, m);
            let v = vm.call(&repl, &[m])?;
            out.push(vm, &v)?;
        } else if let Some(t) = repl.opaque::<Template>() {
            out.push_template(vm, t, &s, &spans.groups)?;
        } else {
            out.push(vm, &repl)?;
        }
        last = end;
        n += 1;
    }
    let text = if n == 0 && (string.downcast::<Str>().is_some() || string.downcast::<Bytes>().is_some()) {
        string.clone()
    } else {
        out.push_span(&s, last, s.len);
        out.finish(vm)
    };
    if function == "sub" {
        return Ok(text);
    }
    Ok(Tuple::new(&vm.heap, [text, Value::int_unchecked(n)]).into())
}
