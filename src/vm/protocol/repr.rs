//! `repr` and `ascii`.

use super::special::Special;
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::function::{BoundMethod, Cell, ClassMethod, Code, Function, Module, Native, StaticMethod, Super};
use crate::object::generator::Generator;
use crate::object::header::{Kind, Ref};
use crate::object::number::Int;
use crate::object::number_text::Decimal;
use crate::object::sequence::{Bytes, List, Range, Slice, Tuple};
use crate::object::set::Set;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::{R, Vm};

/// Beyond this many code points a text under construction is checked against the memory ceiling.
const LONG_TEXT: usize = 1 << 16;

/// How deep containers may be nested whose `repr` is made: what CPython 3.13 has on this kind of machine.
const REPR_DEPTH: usize = 9_997;

/// Text under construction: code points, because a str may hold lone surrogates.
pub type Text = Vec<u32>;

fn put(out: &mut Text, s: &str) {
    out.extend(s.chars().map(u32::from));
}

/// `repr` of a float: the shortest digits, laid out as Python does.
pub fn float_repr(x: f64) -> String {
    if x.is_nan() {
        return "nan".into();
    }
    if x.is_infinite() {
        return if x > 0.0 { "inf".into() } else { "-inf".into() };
    }
    let text = format!("{x:e}");
    let (digits, e) = text.split_once('e').unwrap_or((&text, "0"));
    let e: i32 = e.parse().unwrap_or(0);
    if !(-4..16).contains(&e) {
        return format!("{digits}e{}{:02}", if e < 0 { '-' } else { '+' }, e.abs());
    }
    let mut plain = format!("{x}");
    if !plain.contains('.') {
        plain.push_str(".0");
    }
    plain
}

/// Whether `repr` shows a code point as it is.
pub fn is_printable(p: u32) -> bool {
    match p {
        0x20..=0x7e => true,
        0..=0xa0 | 0xad => false,
        _ => char::from_u32(p).is_some_and(rustpython_unicode::classify::is_repr_printable),
    }
}

/// `repr` of a str; `ascii` escapes everything beyond ASCII.
pub fn str_repr(out: &mut Text, s: &Str, ascii: bool) {
    let has = |c: char| s.points().any(|p| p == c as u32);
    let quote = if has('\'') && !has('"') { '"' } else { '\'' } as u32;
    out.push(quote);
    for p in s.points() {
        match p {
            _ if p == quote || p == '\\' as u32 => out.extend(['\\' as u32, p]),
            0x0a => put(out, "\\n"),
            0x0d => put(out, "\\r"),
            0x09 => put(out, "\\t"),
            0x20..=0x7e => out.push(p),
            _ if !ascii && is_printable(p) => out.push(p),
            0..=0xff => put(out, &format!("\\x{p:02x}")),
            0x100..=0xffff => put(out, &format!("\\u{p:04x}")),
            _ => put(out, &format!("\\U{p:08x}")),
        }
    }
    out.push(quote);
}

fn bytes_repr(out: &mut Text, data: &[u8]) {
    let quote = if data.contains(&b'\'') && !data.contains(&b'"') { b'"' } else { b'\'' };
    put(out, "b");
    out.push(quote as u32);
    for &b in data {
        match b {
            b'\n' => put(out, "\\n"),
            b'\r' => put(out, "\\r"),
            b'\t' => put(out, "\\t"),
            _ if b == quote || b == b'\\' => out.extend(['\\' as u32, b as u32]),
            0x20..=0x7e => out.push(b as u32),
            _ => put(out, &format!("\\x{b:02x}")),
        }
    }
    out.push(quote as u32);
}

impl Vm {
    /// `repr(v)`.
    pub fn repr(&mut self, v: &Value) -> R<Ref<Str>> {
        self.repr_for(v, "__repr__")
    }

    /// The same, for a method that has no text of its own and is blamed for what is none.
    pub(super) fn repr_for(&mut self, v: &Value, method: &str) -> R<Ref<Str>> {
        if let Some(h) = v.header()
            && (h.ty().has(type_flags::HEAP | type_flags::IMMUTABLE)
                || matches!(h.kind(), Kind::Opaque | Kind::Instance))
        {
            let name = self.types().names.__repr__.clone();
            match self.special(v, &name)? {
                Special::Direct => {}
                Special::Default | Special::Missing => {
                    let text = self.default_repr(v)?;
                    return Ok(Str::new(&self.heap, &text));
                }
                Special::Method(m) => {
                    self.check_stack(" while getting the repr of an object")?;
                    let r = self.call_slot(&m, std::slice::from_ref(v))?;
                    return self.expect_str(r, method);
                }
            }
        }
        self.direct_repr(v)
    }

    /// `repr(v)` of the built-in class, whatever a subclass says.
    pub fn direct_repr(&mut self, v: &Value) -> R<Ref<Str>> {
        if let Some(i) = v.as_small_int() {
            return Ok(Str::from_ascii(&self.heap, Decimal::new(i).as_str()));
        }
        let mut out = Text::new();
        self.repr_into(v, &mut out)?;
        Ok(Str::from_points(&self.heap, &out))
    }

    /// `ascii(v)`.
    pub fn ascii(&mut self, v: &Value) -> R<Ref<Str>> {
        let s = self.repr(v)?;
        if s.as_ascii().is_some() {
            return Ok(s);
        }
        let mut out = String::new();
        for p in s.points() {
            match p {
                0..=0x7f => out.push(p as u8 as char),
                0x80..=0xff => out.push_str(&format!("\\x{p:02x}")),
                0x100..=0xffff => out.push_str(&format!("\\u{p:04x}")),
                _ => out.push_str(&format!("\\U{p:08x}")),
            }
        }
        Ok(Str::new(&self.heap, &out))
    }

    /// Appends `repr(v)`.
    pub fn put_repr(&mut self, v: &Value, out: &mut Text) -> R<()> {
        // The text is no object yet, so the ledger does not know of it: it may double, and is copied in the end.
        if out.len() > LONG_TEXT {
            self.check_memory(out.capacity().checked_mul(3 * size_of::<u32>()))?;
        }
        if let Some(h) = v.header()
            && (h.ty().has(type_flags::HEAP | type_flags::IMMUTABLE)
                || matches!(h.kind(), Kind::Opaque | Kind::Instance))
        {
            let s = self.repr(v)?;
            out.extend(s.points());
            return Ok(());
        }
        self.repr_into(v, out)
    }

    /// The text of an int in base 10, under the limit of `sys.set_int_max_str_digits`.
    pub fn int_text(&mut self, i: &Int<'_>) -> R<String> {
        match i {
            Int::Small(i) => Ok(i.to_string()),
            Int::Big(b) => {
                let limit = self.native.int_max_str_digits;
                // 3.32 bits to a digit: certainly too long before it is converted at great cost.
                let bits = dashu_int::ops::BitTest::bit_len(&**b);
                if limit == 0 || bits < limit * 33_219 / 10_000 + 4 {
                    let text = b.to_string();
                    if limit == 0 || text.trim_start_matches('-').len() <= limit {
                        return Ok(text);
                    }
                }
                Err(self.value_error(format!(
                    "Exceeds the limit ({limit} digits) for integer string conversion; \
                     use sys.set_int_max_str_digits() to increase the limit"
                )))
            }
        }
    }

    /// RecursionError where containers are nested too deep for their `repr`, or the native stack is short.
    pub fn check_repr_depth(&mut self) -> R<()> {
        const DOING: &str = " while getting the repr of an object";
        if self.native.repr_active.len() >= REPR_DEPTH {
            return Err(self.recursion_error(format!("maximum recursion depth exceeded{DOING}")));
        }
        self.check_stack(DOING)
    }

    /// Runs `f` unless the repr of the same container is being made further out; then `again` stands for it.
    fn guarded(
        &mut self,
        v: &Value,
        out: &mut Text,
        again: &str,
        f: impl FnOnce(&mut Vm, &mut Text) -> R<()>,
    ) -> R<()> {
        if self.native.repr_active.contains(&v.bits()) {
            put(out, again);
            return Ok(());
        }
        self.check_repr_depth()?;
        self.native.repr_active.insert(v.bits());
        let result = f(self, out);
        self.native.repr_active.remove(&v.bits());
        result
    }

    fn repr_into(&mut self, v: &Value, out: &mut Text) -> R<()> {
        if let Some(b) = v.as_bool() {
            put(out, if b { "True" } else { "False" });
            return Ok(());
        }
        if let Some(i) = v.as_int() {
            let text = self.int_text(&i)?;
            put(out, &text);
            return Ok(());
        }
        if let Some(x) = v.as_float() {
            put(out, &float_repr(x));
            return Ok(());
        }
        let Some(kind) = v.kind() else {
            put(
                out,
                if v.is_none() {
                    "None"
                } else if v.is_not_implemented() {
                    "NotImplemented"
                } else {
                    "Ellipsis"
                },
            );
            return Ok(());
        };
        match kind {
            Kind::Str => {
                if let Some(s) = v.downcast::<Str>() {
                    str_repr(out, s, false);
                }
                Ok(())
            }
            Kind::Bytes => {
                if let Some(b) = v.downcast::<Bytes>() {
                    bytes_repr(out, &b.data);
                }
                Ok(())
            }
            Kind::List => self.guarded(v, out, "[...]", |vm, out| {
                let Some(l) = v.downcast::<List>() else { return Ok(()) };
                put(out, "[");
                let mut i = 0;
                while let Some(item) = l.get(i) {
                    if i > 0 {
                        put(out, ", ");
                    }
                    vm.put_repr(&item, out)?;
                    i += 1;
                }
                put(out, "]");
                Ok(())
            }),
            Kind::Tuple => self.guarded(v, out, "(...)", |vm, out| {
                let Some(t) = v.downcast::<Tuple>() else { return Ok(()) };
                put(out, "(");
                for (i, item) in t.iter().enumerate() {
                    if i > 0 {
                        put(out, ", ");
                    }
                    vm.put_repr(item, out)?;
                }
                put(out, if t.len() == 1 { ",)" } else { ")" });
                Ok(())
            }),
            Kind::Dict => self.guarded(v, out, "{...}", |vm, out| {
                let Some(d) = v.downcast::<Dict>() else { return Ok(()) };
                put(out, "{");
                let (mut at, mut first) = (0, true);
                while let Some((after, key, value)) = d.next_entry(at) {
                    at = after;
                    if !std::mem::take(&mut first) {
                        put(out, ", ");
                    }
                    vm.put_repr(&key, out)?;
                    put(out, ": ");
                    vm.put_repr(&value, out)?;
                }
                put(out, "}");
                Ok(())
            }),
            Kind::Set => self.set_repr(v, out),
            Kind::Range => {
                let Some(r) = v.downcast::<Range>().cloned() else { return Ok(()) };
                put(out, "range(");
                self.put_repr(&r.start, out)?;
                put(out, ", ");
                self.put_repr(&r.stop, out)?;
                if r.step.as_small_int() != Some(1) {
                    put(out, ", ");
                    self.put_repr(&r.step, out)?;
                }
                put(out, ")");
                Ok(())
            }
            Kind::Slice => {
                let Some(s) = v.downcast::<Slice>().cloned() else { return Ok(()) };
                put(out, "slice(");
                self.put_repr(&s.start, out)?;
                put(out, ", ");
                self.put_repr(&s.stop, out)?;
                put(out, ", ");
                self.put_repr(&s.step, out)?;
                put(out, ")");
                Ok(())
            }
            Kind::Exception => {
                let Some(e) = v.downcast::<Exception>() else { return Ok(()) };
                let args = e.args.get();
                put(out, &self.class_name(v));
                match &args[..] {
                    [one] => {
                        put(out, "(");
                        self.put_repr(one, out)?;
                        put(out, ")");
                        Ok(())
                    }
                    _ => self.put_repr(args.as_value(), out),
                }
            }
            _ => {
                let text = self.object_repr(v, kind)?;
                put(out, &text);
                Ok(())
            }
        }
    }

    fn set_repr(&mut self, v: &Value, out: &mut Text) -> R<()> {
        let Some(s) = v.downcast::<Set>() else { return Ok(()) };
        let name = self.class_name(v);
        if s.is_empty() {
            put(out, &format!("{name}()"));
            return Ok(());
        }
        let plain = s.ty().is(&self.types().set);
        self.guarded(v, out, &format!("{name}(...)"), |vm, out| {
            put(out, &if plain { "{".to_string() } else { format!("{name}({{") });
            for (i, (_, key)) in s.items().into_iter().enumerate() {
                if i > 0 {
                    put(out, ", ");
                }
                vm.put_repr(&key, out)?;
            }
            put(out, if plain { "}" } else { "})" });
            Ok(())
        })
    }

    /// The repr of objects that are shown by name and address.
    fn object_repr(&mut self, v: &Value, kind: Kind) -> R<String> {
        let at = format!("{:#x}", v.bits());
        Ok(match kind {
            Kind::Type => match v.downcast::<Type>() {
                Some(t) => format!("<class '{}'>", self.full_name(&t.clone())?),
                None => String::new(),
            },
            Kind::Function => {
                let name = v.downcast::<Function>().map(|f| f.qualname.get()).unwrap_or(Value::NONE);
                format!("<function {} at {at}>", self.str(&name)?)
            }
            Kind::Native => match v.downcast::<Native>() {
                Some(n) => self.native_repr(&n.clone(), &at),
                None => String::new(),
            },
            Kind::BoundMethod => {
                let Some(m) = v.downcast::<BoundMethod>().cloned() else { return Ok(String::new()) };
                let names = [&self.types().names.__qualname__, &self.types().names.__name__].map(Ref::clone);
                let mut name = self.get_attr_opt(&m.function, &names[0])?;
                if name.is_none() {
                    name = self.get_attr_opt(&m.function, &names[1])?;
                }
                let name = name.as_ref().and_then(|n| n.downcast::<Str>()).map_or("?".to_owned(), |n| n.to_string());
                format!("<bound method {name} of {}>", self.repr(&m.receiver)?)
            }
            Kind::Module => {
                let Some(m) = v.downcast::<Module>().cloned() else { return Ok(String::new()) };
                let names = &self.types().names;
                let (name, file) = (m.dict.get_str(&names.__name__), m.dict.get_str(&names.__file__));
                let name = match name {
                    Some(n) => self.repr(&n)?.to_string(),
                    None => "'?'".into(),
                };
                match file {
                    Some(f) if !f.is_none() => format!("<module {name} from {}>", self.repr(&f)?),
                    _ => format!("<module {name} (built-in)>"),
                }
            }
            Kind::Generator => {
                let class = self.class_name(v);
                let name = v.downcast::<Generator>().map(|g| g.qualname.get()).unwrap_or(Value::NONE);
                format!("<{class} object {} at {at}>", self.str(&name)?)
            }
            Kind::Code => match v.downcast::<Code>() {
                Some(c) => {
                    format!("<code object {} at {at}, file \"{}\", line {}>", c.name, c.data.file, c.data.first_line)
                }
                None => String::new(),
            },
            Kind::Cell => {
                let inner = v.downcast::<Cell>().and_then(|c| c.value.get());
                match inner {
                    Some(i) => {
                        format!("<cell at {at}: {} object at {:#x}>", self.class_name(&i), i.bits())
                    }
                    None => format!("<cell at {at}: empty>"),
                }
            }
            Kind::StaticMethod | Kind::ClassMethod => {
                let f = v.downcast::<StaticMethod>().map(|s| s.function.get());
                let f = f.or_else(|| v.downcast::<ClassMethod>().map(|c| c.function.get())).unwrap_or(Value::NONE);
                format!("<{}({})>", self.class_name(v), self.repr(&f)?)
            }
            Kind::Super => {
                let Some(s) = v.downcast::<Super>() else { return Ok(String::new()) };
                let class = s.class.get().map_or("NULL".to_string(), |c| c.name_str());
                match s.object_type.get() {
                    Some(t) => format!("<super: <class '{class}'>, <{} object>>", t.name_str()),
                    None => format!("<super: <class '{class}'>, NULL>"),
                }
            }
            _ => self.default_repr(v)?,
        })
    }

    fn native_repr(&self, n: &Ref<Native>, at: &str) -> String {
        let t = self.types();
        let owner = n.owner.as_ref().map(|o| o.name_str()).unwrap_or_default();
        let name = n.def.name;
        let class = n.ty();
        if class.is(&t.builtin_function) {
            return match &n.bound {
                Some(b) if b.kind() != Some(Kind::Module) => {
                    let of = match b.downcast::<Type>() {
                        Some(_) => "type".to_string(),
                        None => b.class(&self.heap).name_str(),
                    };
                    format!("<built-in method {name} of {of} object at {:#x}>", b.bits())
                }
                _ => format!("<built-in function {name}>"),
            };
        }
        if class.is(&t.wrapper_descriptor) {
            return format!("<slot wrapper '{name}' of '{owner}' objects>");
        }
        if class.is(&t.member_descriptor) {
            return format!("<member '{name}' of '{owner}' objects>");
        }
        if class.is(&t.getset_descriptor) {
            return format!("<attribute '{name}' of '{owner}' objects>");
        }
        if class.is(&t.method_wrapper) {
            let (of, at) = match &n.bound {
                Some(b) => (b.class(&self.heap).name_str(), format!("{:#x}", b.bits())),
                None => (owner, at.to_string()),
            };
            return format!("<method-wrapper '{name}' of {of} object at {at}>");
        }
        format!("<method '{name}' of '{owner}' objects>")
    }

    /// `module.qualname` of a class; the qualified name alone for those of `builtins`.
    pub fn full_name(&mut self, t: &Ref<Type>) -> R<String> {
        if let (Some(_), _) = t.split_name() {
            return Ok(t.name_str());
        }
        let qualname = t.qualname.get();
        let qualname = self.str(&qualname)?.to_string();
        let module = t.dict.get_str(&self.types().names.__module__.clone());
        Ok(match module.as_ref().and_then(|m| m.downcast::<Str>()).map(|m| m.to_string()) {
            Some(m) if m != "builtins" => format!("{m}.{qualname}"),
            _ => qualname,
        })
    }

    /// `<module.Class object at 0x...>`.
    pub fn default_repr(&mut self, v: &Value) -> R<String> {
        let class = v.class(&self.heap).clone();
        let name = self.full_name(&class)?;
        Ok(format!("<{name} object at {:#x}>", v.bits()))
    }
}

#[cfg(test)]
mod tests {
    use super::float_repr;

    #[test]
    fn floats_are_shown_as_in_cpython() {
        for (x, text) in [
            (0.1, "0.1"),
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (9999999999999998.0, "9999999999999998.0"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (1.5e300, "1.5e+300"),
            (5e-324, "5e-324"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(float_repr(x), text);
        }
    }
}
