//! `bytes`: its constructor, and its methods by family.

mod case;
mod edit;
mod search;

use std::borrow::Cow;

use super::{codec, memoryview, number_slots, slots};
use crate::object::buffer::ByteArray;
use crate::object::header::Ref;
use crate::object::sequence::{Bytes, Tuple};
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::{Args, R, Vm};

/// Gives `bytes` its methods.
pub fn install(vm: &mut Vm) {
    let class = vm.types().bytes.clone();
    vm.add_methods(&class, slots::COMPARE);
    vm.add_methods(&class, number_slots::TEXT);
    vm.add_methods(&class, &[slots::HASH, def("__bytes__", 1, 1, plain), def("__getnewargs__", 1, 1, getnewargs)]);
    vm.add_methods(&class, slots::SUBSCRIPTABLE);
    add_common(vm, &class);
    vm.add_methods(&class, &[memoryview::BUFFER]);
    vm.add_static(&class, &[def_kw("__new__", 1, ANY, new)]);
}

/// The methods that `bytes` and `bytearray` share.
pub(super) fn add_common(vm: &mut Vm, class: &Ref<Type>) {
    vm.add_methods(class, &[def_kw("decode", 1, ANY, decode), def_kw("hex", 1, ANY, hex)]);
    for rows in [case::METHODS, edit::METHODS, search::METHODS] {
        vm.add_methods(class, rows);
    }
    vm.add_class_methods(class, &[def("fromhex", 2, 2, fromhex)]);
    vm.add_static(class, &[def("maketrans", 2, 2, edit::maketrans)]);
}

/// The bytes of a receiver: a `bytes`, or a copy of what a `bytearray` or `memoryview` holds now.
struct Receiver<'a> {
    data: Cow<'a, [u8]>,
}

/// The receiver.
fn this<'a>(vm: &mut Vm, a: Args<'a>) -> R<Receiver<'a>> {
    Ok(Receiver { data: bytes_arg(vm, &a.pos[0])? })
}

/// A bytes-like argument.
pub(super) fn bytes_arg<'a>(vm: &mut Vm, v: &'a Value) -> R<Cow<'a, [u8]>> {
    // A receiver is asked for no view of itself.
    match v.bytes_like() {
        Some(data) => Ok(data),
        None => super::buffer::bytes(vm, v),
    }
}

/// The receiver itself, or a copy where it is a `bytearray` or of a subclass.
fn exact(vm: &Vm, a: Args<'_>) -> Value {
    let o = &a.pos[0];
    if o.class(&vm.heap).is(&vm.types().bytes) {
        return o.clone();
    }
    made(vm, a, o.bytes_like().map_or_else(Vec::new, Cow::into_owned))
}

/// A result of a method: a `bytearray` where the receiver is one.
fn made(vm: &Vm, a: Args<'_>, data: Vec<u8>) -> Value {
    match a.pos.first() {
        Some(o) if o.opaque::<ByteArray>().is_some() => ByteArray::value(&vm.heap, data),
        _ => Bytes::new(&vm.heap, data).into(),
    }
}

/// The bytes of a bytes-like object, of an object with `__bytes__`, or of an iterable of ints; `class` is what they are
/// for.
pub fn bytes_of_object(vm: &mut Vm, v: &Value, class: &str) -> R<Vec<u8>> {
    if let Some(data) = vm.bytes_of(v)? {
        return Ok(data.into_owned());
    }
    let refuse = |vm: &mut Vm| {
        let got = v.class(&vm.heap).name_str();
        vm.type_error(format!("cannot convert '{got}' object to {class}"))
    };
    if v.downcast::<Str>().is_some() {
        return Err(refuse(vm));
    }
    let items = match vm.iter(v) {
        Ok(it) => it,
        Err(e) if vm.is_exception(&e, &vm.types().TypeError.clone()) => return Err(refuse(vm)),
        Err(e) => return Err(e),
    };
    if class == "bytes" {
        // CPython makes room by the length that it is told.
        vm.length_hint(v, 64)?;
    }
    let mut data = Vec::new();
    // One by one: converting one may change what the others are.
    while let Some(item) = vm.next(&items)? {
        let i = vm.index(&item)?;
        match i.as_int().and_then(|i| i.to_i64()).and_then(|i| u8::try_from(i).ok()) {
            Some(b) => data.push(b),
            None if class == "bytes" => return Err(vm.value_error("bytes must be in range(0, 256)")),
            None => return Err(vm.value_error("byte must be in range(0, 256)")),
        }
    }
    Ok(data)
}

fn new(vm: &mut Vm, a: Args<'_>) -> R {
    let base = vm.types().bytes.clone();
    let class = slots::new_class(vm, a, &base)?;
    let alone = a.get_or_keyword(1, "source").filter(|_| a.pos.len() + a.names.len() == 2);
    if let Some(source) = alone
        && let Some(own) = own_bytes(vm, source)?
    {
        // What `__bytes__` gave, whatever its class.
        let result =
            if class.is(&base) { own.to_value() } else { Bytes::new_of(&vm.heap, &class, own.data.to_vec()).into() };
        return Ok(result);
    }
    let data = constructor_data(vm, a, "bytes")?;
    Ok(Bytes::new_of(&vm.heap, &class, data).into())
}

/// What `__bytes__` of an object gives; None where it has none.
pub fn own_bytes(vm: &mut Vm, source: &Value) -> R<Option<Ref<Bytes>>> {
    let name = vm.types().names.__bytes__.clone();
    if !source.class(&vm.heap).has(crate::object::types::type_flags::HEAP) {
        return Ok(None);
    }
    let Some(method) = vm.lookup_special(source, &name)? else { return Ok(None) };
    match vm.call(&method, std::slice::from_ref(source))?.downcast_owned::<Bytes>() {
        Ok(b) => Ok(Some(b)),
        Err(other) => {
            let got = vm.class_name(&other);
            Err(vm.type_error(format!("__bytes__ returned non-bytes (type {got})")))
        }
    }
}

/// The bytes that the arguments of `bytes()` or `bytearray()` stand for.
pub(super) fn constructor_data(vm: &mut Vm, a: Args<'_>, class: &'static str) -> R<Vec<u8>> {
    let s = Signature { function: class, names: ["source", "encoding", "errors"], required: 0, positional: 3 };
    let [source, encoding, errors] = a.rest().bind(vm, &s)?;
    codec::name_arg(vm, encoding, class, "encoding", "")?;
    codec::name_arg(vm, errors, class, "errors", "")?;
    Ok(match source {
        None if encoding.is_some() => return Err(vm.type_error("encoding without a string argument")),
        None if errors.is_some() => return Err(vm.type_error("errors without a string argument")),
        None => Vec::new(),
        Some(source) => match source.downcast::<Str>() {
            Some(s) => {
                if encoding.is_none() {
                    return Err(vm.type_error("string argument without an encoding"));
                }
                let encoding = codec::name_arg(vm, encoding, class, "encoding", "utf-8")?;
                let errors = codec::name_arg(vm, errors, class, "errors", "strict")?;
                codec::encode(vm, s, &encoding, &errors)?
            }
            None if encoding.is_some() => return Err(vm.type_error("encoding without a string argument")),
            None if errors.is_some() => return Err(vm.type_error("errors without a string argument")),
            None => data_of(vm, source, class)?,
        },
    })
}

/// `bytes(source)`: zeros for an int.
fn data_of(vm: &mut Vm, source: &Value, class: &str) -> R<Vec<u8>> {
    if source.bytes_like().is_none()
        && let Some(n) = vm.index_opt(source)?
    {
        let n = match n.as_int().and_then(|i| i.to_i64()) {
            Some(n) => n,
            None => return Err(vm.overflow_error("cannot fit 'int' into an index-sized integer")),
        };
        let Ok(n) = usize::try_from(n) else { return Err(vm.value_error("negative count")) };
        vm.check_memory(Some(n))?;
        return Ok(vec![0; n]);
    }
    bytes_of_object(vm, source, class)
}

fn plain(vm: &mut Vm, a: Args<'_>) -> R {
    this(vm, a)?;
    Ok(exact(vm, a))
}

fn getnewargs(vm: &mut Vm, a: Args<'_>) -> R {
    let b = plain(vm, a)?;
    Ok(Tuple::new(&vm.heap, [b]).into())
}

fn decode(vm: &mut Vm, a: Args<'_>) -> R {
    let [encoding, errors] = a.rest().bind(vm, &signature("decode", ["encoding", "errors"], 0))?;
    let encoding = codec::name_arg(vm, encoding, "decode", "encoding", "utf-8")?;
    let errors = codec::name_arg(vm, errors, "decode", "errors", "strict")?;
    // An error of the codec names the object as bytes.
    let data = match a.pos[0].downcast::<Bytes>() {
        Some(b) => b.clone(),
        None => {
            let data = this(vm, a)?.data.into_owned();
            Bytes::new(&vm.heap, data)
        }
    };
    Ok(codec::decode(vm, &data, &encoding, &errors)?.into())
}

pub(super) fn hex(vm: &mut Vm, a: Args<'_>) -> R {
    let [separator, group] = a.rest().bind(vm, &signature("hex", ["sep", "bytes_per_sep"], 0))?;
    let group = match group {
        Some(v) => vm.index_c_int(v)?,
        None => 1,
    };
    let separator = match separator {
        None => None,
        Some(v) => {
            let found = match (v.downcast::<Str>(), v.downcast::<Bytes>()) {
                (Some(s), _) => Some((s.len(), s.point(0).unwrap_or(0))),
                (_, Some(b)) => Some((b.data.len(), b.data.first().copied().unwrap_or(0) as u32)),
                _ => None,
            };
            match found {
                None => {
                    // CPython asks for the length first.
                    return Err(match vm.len(v)? {
                        1 => vm.type_error("sep must be str or bytes."),
                        _ => vm.value_error("sep must be length 1."),
                    });
                }
                Some((1, p)) if p < 0x80 => Some(p as u8 as char),
                Some((1, _)) => return Err(vm.value_error("sep must be ASCII.")),
                Some(_) => return Err(vm.value_error("sep must be length 1.")),
            }
        }
    };
    let b = this(vm, a)?;
    vm.check_memory(b.data.len().checked_mul(3))?;
    let n = b.data.len();
    let every = group.unsigned_abs() as usize;
    let mut text = String::with_capacity(n * 2);
    for (i, byte) in b.data.iter().enumerate() {
        // Positive groups are counted from the right.
        let position = if group < 0 { i } else { n - i };
        if let Some(c) = separator
            && i > 0
            && every > 0
            && position.is_multiple_of(every)
        {
            text.push(c);
        }
        text.push_str(&format!("{byte:02x}"));
    }
    Ok(vm.new_str(&text))
}

fn fromhex(vm: &mut Vm, a: Args<'_>) -> R {
    let text: Vec<u32> = match a.pos[1].downcast::<Str>() {
        Some(s) => s.points().collect(),
        None => match vm.bytes_of(&a.pos[1])? {
            Some(data) => data.iter().map(|&b| b.into()).collect(),
            None => {
                let got = vm.class_name(&a.pos[1]);
                return Err(vm.type_error(format!("fromhex() argument must be str or bytes-like, not {got}")));
            }
        },
    };
    if let Some(bad) = text.iter().position(|&p| p > 0x7f) {
        return Err(vm.value_error(format!("non-hexadecimal number found in fromhex() arg at position {bad}")));
    }
    let digit = |i: usize| text.get(i).copied().and_then(char::from_u32).and_then(|c| c.to_digit(16));
    let space = |i: usize| matches!(text.get(i), Some(9..=13 | 32));
    let mut data = Vec::with_capacity(text.len() / 2);
    let mut i = 0;
    while i < text.len() {
        if space(i) {
            i += 1;
            continue;
        }
        let bad = match (digit(i), digit(i + 1)) {
            (Some(h), Some(l)) => {
                data.push((h << 4 | l) as u8);
                i += 2;
                continue;
            }
            (Some(_), None) => i + 1,
            (None, _) => i,
        };
        return Err(vm.value_error(format!("non-hexadecimal number found in fromhex() arg at position {bad}")));
    }
    let (t, class) = (vm.types(), a.pos[0].downcast::<Type>());
    let (bytes, bytearray) = (t.bytes.clone(), t.bytearray.clone());
    let array = class.is_some_and(|c| c.is_subclass(&bytearray));
    let value = if array { ByteArray::value(&vm.heap, data) } else { Bytes::new(&vm.heap, data).into() };
    match class {
        Some(c) if !c.is(&bytes) && !c.is(&bytearray) => vm.call(c.as_value(), &[value]),
        _ => Ok(value),
    }
}
