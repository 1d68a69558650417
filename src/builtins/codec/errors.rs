//! Error handlers: the standard ones by name, those of `codecs.register_error`, and the standard ones as functions.

use crate::object::exception::Exception;
use crate::object::header::Ref;
use crate::object::sequence::{Bytes, Tuple};
use crate::object::str::{Str, StrBuilder};
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::exceptions::field;
use crate::vm::native::{Def, def};
use crate::vm::{Args, Exc, R, Vm};

/// What is done with what cannot be encoded or decoded.
pub enum Handler {
    Strict,
    Ignore,
    Replace,
    BackslashReplace,
    XmlCharRefReplace,
    NameReplace,
    SurrogateEscape,
    SurrogatePass,
    /// A callable that gets the error and gives a replacement and where to go on.
    Registered(Value),
}

/// The standard handlers as `codecs.lookup_error` gives them.
pub const FUNCTIONS: &[(&str, Def)] = &[
    ("strict", def("strict_errors", 1, 1, strict)),
    ("ignore", def("ignore_errors", 1, 1, ignore)),
    ("replace", def("replace_errors", 1, 1, replace)),
    ("backslashreplace", def("backslashreplace_errors", 1, 1, backslashreplace)),
    ("xmlcharrefreplace", def("xmlcharrefreplace_errors", 1, 1, |vm, a| charref(vm, a, |p| format!("&#{p};")))),
    ("namereplace", def("namereplace_errors", 1, 1, |vm, a| charref(vm, a, named))),
    ("surrogateescape", def("surrogateescape", 1, 1, surrogateescape)),
    ("surrogatepass", def("surrogatepass", 1, 1, surrogatepass)),
];

/// The handler of a name; a standard one that was registered anew is that.
pub fn find(vm: &mut Vm, name: &str) -> R<Handler> {
    if let Some(f) = vm.native.codecs.handlers.get(name) {
        return Ok(Handler::Registered(f.clone()));
    }
    Ok(match name {
        "strict" => Handler::Strict,
        "ignore" => Handler::Ignore,
        "replace" => Handler::Replace,
        "backslashreplace" => Handler::BackslashReplace,
        "xmlcharrefreplace" => Handler::XmlCharRefReplace,
        "namereplace" => Handler::NameReplace,
        "surrogateescape" => Handler::SurrogateEscape,
        "surrogatepass" => Handler::SurrogatePass,
        _ => return Err(vm.lookup_error(format!("unknown error handler name '{name}'"))),
    })
}

/// The handler of a name as a function, as `codecs.lookup_error` gives it.
pub fn function(vm: &mut Vm, name: &str) -> R {
    if let Some(f) = vm.native.codecs.handlers.get(name) {
        return Ok(f.clone());
    }
    match FUNCTIONS.iter().find(|(standard, _)| *standard == name) {
        Some((_, row)) => Ok(vm.native_function(row, Value::NONE).into()),
        None => Err(vm.lookup_error(format!("unknown error handler name '{name}'"))),
    }
}

/// The error of text that an encoding has no bytes for.
#[cold]
pub fn encode_error(vm: &mut Vm, encoding: &str, s: &Ref<Str>, (start, end): (usize, usize), reason: &str) -> Exc {
    let class = vm.types().UnicodeEncodeError.clone();
    let (encoding, reason) = (vm.new_str(encoding), vm.new_str(reason));
    vm.exception(&class, vec![encoding, s.to_value(), Value::from_len(start), Value::from_len(end), reason])
}

/// The error of bytes that an encoding has no text for.
#[cold]
pub fn decode_error(vm: &mut Vm, encoding: &str, data: &Ref<Bytes>, (start, end): (usize, usize), reason: &str) -> Exc {
    let class = vm.types().UnicodeDecodeError.clone();
    let (encoding, reason) = (vm.new_str(encoding), vm.new_str(reason));
    vm.exception(&class, vec![encoding, data.to_value(), Value::from_len(start), Value::from_len(end), reason])
}

/// Has the handler of a name, as a function, put something in the place of bytes; where to go on.
pub fn bad_bytes(
    vm: &mut Vm,
    encoding: &str,
    data: &Ref<Bytes>,
    bad: (usize, usize),
    reason: &str,
    errors: &str,
    out: &mut StrBuilder,
) -> R<usize> {
    if errors == "ignore" {
        return Ok(bad.1);
    }
    let error = decode_error(vm, encoding, data, bad, reason);
    if errors == "strict" {
        return Err(error);
    }
    let handler = function(vm, errors)?;
    let (text, next) = call_decode_handler(vm, &handler, &error, data.data.len())?;
    vm.check_memory((out.len() + text.len()).checked_mul(4))?;
    out.push_ref(&text);
    Ok(next)
}

/// `\N{NAME}` of a character, or an escape where it has no name.
pub fn named(p: u32) -> String {
    match char::from_u32(p).and_then(unicode_names2::name) {
        Some(n) => format!("\\N{{{n}}}"),
        None => super::escape(p),
    }
}

/// What a handler puts in the place of text that cannot be encoded.
pub enum Replacement {
    Text(Ref<Str>),
    Bytes(Vec<u8>),
}

/// Calls a handler: what it gives, and where to go on in an object of `len` items.
fn call(vm: &mut Vm, f: &Value, error: &Exc, len: usize, wanted: &str) -> R<(Value, usize)> {
    let answer = vm.call(f, std::slice::from_ref(&error.0))?;
    let Some((value, place)) =
        answer.downcast::<Tuple>().filter(|t| t.len() == 2).map(|t| (t[0].clone(), t[1].clone()))
    else {
        return Err(vm.type_error(wanted));
    };
    let place = vm.index_i64(&place)?;
    let at = if place < 0 { place + len as i64 } else { place };
    match usize::try_from(at) {
        Ok(at) if at <= len => Ok((value, at)),
        _ => Err(vm.index_error(format!("position {place} from error handler out of bounds"))),
    }
}

pub fn call_encode_handler(vm: &mut Vm, f: &Value, error: &Exc, len: usize) -> R<(Replacement, usize)> {
    const WANTED: &str = "encoding error handler must return (str/bytes, int) tuple";
    let (value, at) = call(vm, f, error, len, WANTED)?;
    match (value.downcast::<Str>(), value.downcast::<Bytes>()) {
        (Some(s), _) => Ok((Replacement::Text(s.clone()), at)),
        (_, Some(b)) => Ok((Replacement::Bytes(b.data.to_vec()), at)),
        _ => Err(vm.type_error(WANTED)),
    }
}

pub fn call_decode_handler(vm: &mut Vm, f: &Value, error: &Exc, len: usize) -> R<(Ref<Str>, usize)> {
    const WANTED: &str = "decoding error handler must return (str, int) tuple";
    let (value, at) = call(vm, f, error, len, WANTED)?;
    match value.downcast_owned::<Str>() {
        Ok(s) => Ok((s, at)),
        Err(_) => Err(vm.type_error(WANTED)),
    }
}

/// The error that a handler is given, with the part that it is about.
struct Problem {
    error: Exc,
    start: usize,
    end: usize,
    object: Value,
}

impl Problem {
    fn is(&self, vm: &Vm, class: fn(&crate::object::types::TypeTable) -> &Ref<Type>) -> bool {
        vm.is_exception(&self.error, class(vm.types()))
    }

    /// The code points that could not be encoded, or the bytes that could not be decoded.
    fn units(&self) -> Vec<u32> {
        let range = self.start..self.end;
        match (self.object.downcast::<Str>(), self.object.bytes_like()) {
            (Some(s), _) => range.filter_map(|i| s.point(i)).collect(),
            (_, Some(b)) => b.get(range).unwrap_or_default().iter().map(|&b| b.into()).collect(),
            _ => Vec::new(),
        }
    }

    fn answer(&self, vm: &mut Vm, text: Value) -> R {
        Ok(Tuple::new(&vm.heap, [text, Value::from_len(self.end)]).into())
    }

    fn cannot(self, vm: &mut Vm) -> R {
        let class = vm.class_name(&self.error.0);
        Err(vm.type_error(format!("don't know how to handle {class} in error callback")))
    }
}

fn problem(vm: &mut Vm, a: Args<'_>) -> R<Problem> {
    let x = match a.pos[0].downcast::<Exception>() {
        Some(x) => x.clone(),
        None => {
            let got = vm.class_name(&a.pos[0]);
            return Err(vm.type_error(format!("don't know how to handle {got} in error callback")));
        }
    };
    let translate = x.ty().is_subclass(&vm.types().UnicodeTranslateError);
    // A translation has no encoding, so its members lie one place further to the front.
    let at = |i: usize| x.field(if translate { i - 1 } else { i });
    let number = |v: Option<Value>| v.and_then(|v| v.as_small_int()).unwrap_or(0).max(0) as usize;
    let object = at(field::UNICODE_OBJECT).unwrap_or(Value::NONE);
    let len = match object.downcast::<Str>() {
        Some(s) => s.len(),
        None => object.bytes_like().map_or(0, |b| b.len()),
    };
    let start = number(at(field::UNICODE_START)).min(len.saturating_sub(1));
    let end = number(at(field::UNICODE_END)).clamp(1, len.max(1)).min(len);
    Ok(Problem { error: Exc(x.to_value()), start, end, object })
}

fn strict(vm: &mut Vm, a: Args<'_>) -> R {
    if a.pos[0].downcast::<Exception>().is_none() {
        return Err(vm.type_error("codec must pass exception instance"));
    }
    Err(Exc(a.pos[0].clone()))
}

fn ignore(vm: &mut Vm, a: Args<'_>) -> R {
    let p = problem(vm, a)?;
    let nothing = vm.new_str("");
    if p.is(vm, |t| &t.UnicodeError) { p.answer(vm, nothing) } else { p.cannot(vm) }
}

fn replace(vm: &mut Vm, a: Args<'_>) -> R {
    let p = problem(vm, a)?;
    let n = p.end.saturating_sub(p.start);
    let text = if p.is(vm, |t| &t.UnicodeEncodeError) {
        "?".repeat(n)
    } else if p.is(vm, |t| &t.UnicodeDecodeError) {
        "\u{fffd}".to_owned()
    } else if p.is(vm, |t| &t.UnicodeTranslateError) {
        "\u{fffd}".repeat(n)
    } else {
        return p.cannot(vm);
    };
    let text = vm.new_str(&text);
    p.answer(vm, text)
}

fn backslashreplace(vm: &mut Vm, a: Args<'_>) -> R {
    let p = problem(vm, a)?;
    if !p.is(vm, |t| &t.UnicodeError) {
        return p.cannot(vm);
    }
    let text: String = p.units().into_iter().map(super::escape).collect();
    let text = vm.new_str(&text);
    p.answer(vm, text)
}

fn charref(vm: &mut Vm, a: Args<'_>, show: fn(u32) -> String) -> R {
    let p = problem(vm, a)?;
    if !p.is(vm, |t| &t.UnicodeEncodeError) {
        return p.cannot(vm);
    }
    let text: String = p.units().into_iter().map(show).collect();
    let text = vm.new_str(&text);
    p.answer(vm, text)
}

fn surrogateescape(vm: &mut Vm, a: Args<'_>) -> R {
    let p = problem(vm, a)?;
    let units = p.units();
    if p.is(vm, |t| &t.UnicodeEncodeError) {
        if !units.iter().all(|p| (0xdc80..=0xdcff).contains(p)) {
            return Err(p.error);
        }
        let bytes: Vec<u8> = units.iter().map(|&p| p as u8).collect();
        let bytes = Bytes::new(&vm.heap, bytes).into();
        return p.answer(vm, bytes);
    }
    if !p.is(vm, |t| &t.UnicodeDecodeError) {
        return p.cannot(vm);
    }
    // At most four bytes are one mistake, and ASCII is none.
    let escaped: Vec<u32> = units.iter().take(4).take_while(|b| **b >= 0x80).map(|b| 0xdc00 + b).collect();
    if escaped.is_empty() {
        return Err(p.error);
    }
    let end = p.start + escaped.len();
    let text = Str::from_points(&vm.heap, &escaped).into();
    Ok(Tuple::new(&vm.heap, [text, Value::from_len(end)]).into())
}

fn surrogatepass(vm: &mut Vm, a: Args<'_>) -> R {
    let p = problem(vm, a)?;
    let encoding = p.error.0.downcast::<Exception>().and_then(|x| x.field(field::UNICODE_ENCODING));
    let encoding = encoding.and_then(|e| e.downcast::<Str>().map(|s| s.to_string())).unwrap_or_default();
    let codec = super::Codec::find(&encoding).filter(|c| !matches!(c, super::Codec::Ascii | super::Codec::Latin1));
    let Some(codec) = codec else { return Err(p.error) };
    if p.is(vm, |t| &t.UnicodeEncodeError) {
        let units = p.units();
        if !units.iter().all(|p| (0xd800..0xe000).contains(p)) {
            return Err(p.error);
        }
        let mut out = Vec::new();
        units.into_iter().for_each(|p| codec.put(&mut out, p));
        let bytes = Bytes::new(&vm.heap, out).into();
        return p.answer(vm, bytes);
    }
    if !p.is(vm, |t| &t.UnicodeDecodeError) {
        return p.cannot(vm);
    }
    let found = p.object.bytes_like().and_then(|b| codec.surrogate(b.get(p.start..)?));
    let Some((point, n)) = found else { return Err(p.error) };
    let mut text = StrBuilder::new();
    text.push(point);
    let text = text.finish(&vm.heap).into();
    Ok(Tuple::new(&vm.heap, [text, Value::from_len(p.start + n)]).into())
}
