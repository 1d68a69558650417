//! The class `Struct`, and what it and the functions of the module do.

use std::cell::Cell;
use std::rc::Rc;

use super::error;
use super::format::{Field, Format};
use crate::builtins::buffer::{self, Target};
use crate::builtins::scalar::{self, Misfit};
use crate::builtins::slots;
use crate::object::buffer::ByteArray;
use crate::object::cell::Mut;
use crate::object::header::Kind;
use crate::object::number::BigInt;
use crate::object::sequence::{Bytes, Tuple};
use crate::object::str::Str;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::native_class::{CLASS, Class};
use crate::vm::native_iter::NativeIter;
use crate::vm::{Args, Exc, R, Vm};

struct Struct {
    /// None until `__init__`.
    format: Mut<Option<Rc<Format>>>,
    text: Mut<Value>,
}

opaque_data!(Struct { text });

pub static STRUCT: Class = Class {
    module: "_struct",
    name: "Struct",
    doc: "Struct(format): packs and unpacks values by a format.",
    flags: type_flags::BASE | type_flags::WEAKREF,
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        Ok(vm.new_opaque(&class, Struct { format: Mut::default(), text: Mut::new(Value::NONE) }))
    })),
    methods: &[
        def_kw("__init__", 1, ANY, |vm, a| {
            let [text] = a.rest().bind(vm, &signature("Struct", ["format"], 1))?;
            let text = text.cloned().unwrap_or(Value::NONE);
            let bytes = format_bytes(vm, &text)?;
            let format = parse(vm, &bytes)?;
            let s = vm.receiver::<Struct>(a)?;
            s.format.set(Some(format));
            let text = Str::new(&vm.heap, &String::from_utf8_lossy(&bytes)).into();
            s.text.set(text);
            Ok(Value::NONE)
        }),
        def("pack", 1, ANY, |vm, a| {
            let s = whole(vm, a)?;
            pack(vm, &s, &a.pos[1..], "pack")
        }),
        def("pack_into", 1, ANY, |vm, a| {
            let s = whole(vm, a)?;
            pack_into(vm, &s, &a.pos[1..])
        }),
        def("unpack", 2, 2, |vm, a| {
            let s = whole(vm, a)?;
            unpack(vm, &s, &a.pos[1])
        }),
        def_kw("unpack_from", 1, ANY, |vm, a| {
            let [buffer, offset] = a.rest().bind(vm, &signature("unpack_from", ["buffer", "offset"], 1))?;
            let s = whole(vm, a)?;
            unpack_from(vm, &s, buffer, offset)
        }),
        def("iter_unpack", 2, 2, |vm, a| {
            let s = whole(vm, a)?;
            iter_unpack(vm, &s, &a.pos[1])
        }),
        def("__repr__", 1, 1, |vm, a| {
            whole(vm, a)?;
            let text = vm.receiver::<Struct>(a)?.text.get();
            let (text, class) = (vm.repr(&text)?, a.pos[0].class(&vm.heap).own_name());
            Ok(vm.new_str(&format!("{class}({text})")))
        }),
    ],
    getset: &[
        (
            "format",
            |vm, a| {
                whole(vm, a)?;
                Ok(vm.receiver::<Struct>(a)?.text.get())
            },
            None,
        ),
        (
            "size",
            |vm, a| {
                let size = whole(vm, a)?.size;
                Ok(BigInt::from_size(&vm.heap, size))
            },
            None,
        ),
    ],
    ..CLASS
};

/// The format of a receiver that was initialised.
fn whole(vm: &mut Vm, a: Args<'_>) -> R<Rc<Format>> {
    match vm.receiver::<Struct>(a)?.format.get() {
        Some(f) => Ok(f),
        None => Err(vm.runtime_error("Struct object is not initialized")),
    }
}

/// The bytes of a format, which is a str or bytes.
fn format_bytes(vm: &mut Vm, v: &Value) -> R<Vec<u8>> {
    if let Some(s) = v.downcast::<Str>() {
        return crate::builtins::codec::encode(vm, s, "ascii", "strict");
    }
    match v.downcast::<Bytes>() {
        Some(b) => Ok(b.data.to_vec()),
        None => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("Struct() argument 1 must be a str or bytes object, not {got}")))
        }
    }
}

fn parse(vm: &mut Vm, bytes: &[u8]) -> R<Rc<Format>> {
    match Format::parse(bytes) {
        Ok(f) => Ok(Rc::new(f)),
        Err(text) => Err(error(vm, text)),
    }
}

/// The format of an argument: a str, bytes, or a `Struct`.
pub fn format_argument(vm: &mut Vm, v: &Value) -> R<Rc<Format>> {
    if let Some(f) = v.opaque::<Struct>().and_then(|s| s.format.get()) {
        return Ok(f);
    }
    let bytes = format_bytes(vm, v)?;
    parse(vm, &bytes)
}

/// The error of a value that does not fit.
fn misfit(vm: &mut Vm, field: &Field, m: Misfit) -> Exc {
    let code = char::from(field.code);
    match (m, field.code) {
        (Misfit::Raised(_), b'e' | b'f' | b'd') => error(vm, "required argument is not a float"),
        (Misfit::Raised(e), _) => e,
        (_, b'c') => error(vm, "char format requires a bytes object of length 1"),
        (Misfit::Type, b'e' | b'f' | b'd') => error(vm, "required argument is not a float"),
        (Misfit::Type, b'F' | b'D') => error(vm, "required argument is not a complex"),
        (Misfit::Type, _) => error(vm, "required argument is not an integer"),
        (Misfit::Range, b'e' | b'f' | b'F') => {
            vm.overflow_error(format!("float too large to pack with {} format", code.to_ascii_lowercase()))
        }
        (Misfit::Range, b'P') => error(vm, "int too large to convert"),
        (Misfit::Range, _) => {
            let (low, high) = scalar::limits(scalar::is_signed(field.code), field.size);
            error(vm, &format!("'{code}' format requires {low} <= number <= {high}"))
        }
    }
}

/// The bytes of a `bytes` or `bytearray`, which are what `s` and `p` take.
fn string<'a>(vm: &mut Vm, code: u8, v: &'a Value) -> R<std::borrow::Cow<'a, [u8]>> {
    let is_string = v.downcast::<Bytes>().is_some() || v.opaque::<ByteArray>().is_some();
    match v.bytes_like().filter(|_| is_string) {
        Some(b) => Ok(b),
        None => Err(error(vm, &format!("argument for '{}' must be a bytes object", char::from(code)))),
    }
}

/// The bytes of values; `function` names who wants them.
fn pack_bytes(vm: &mut Vm, s: &Format, values: &[Value], function: &str) -> R<Vec<u8>> {
    if values.len() != s.values {
        let (want, got) = (s.values, values.len());
        return Err(error(vm, &format!("{function} expected {want} items for packing (got {got})")));
    }
    vm.check_memory(Some(s.size))?;
    let mut out = vec![0; s.size];
    let mut values = values.iter();
    for field in &s.fields {
        let mut at = field.offset;
        for v in values.by_ref().take(field.count) {
            let place = &mut out[at..at + field.size];
            match field.code {
                b's' => {
                    let b = string(vm, b's', v)?;
                    let n = b.len().min(place.len());
                    place[..n].copy_from_slice(&b[..n]);
                }
                b'p' => {
                    let b = string(vm, b'p', v)?;
                    // A length of one byte, then the string as far as there is room.
                    if let [length, room @ ..] = place {
                        let n = b.len().min(room.len());
                        room[..n].copy_from_slice(&b[..n]);
                        *length = n.min(255) as u8;
                    }
                }
                code => {
                    let mut item = [0; scalar::WIDEST];
                    match scalar::pack(vm, code, field.size, v, &mut item) {
                        // The machine's own conversion gives infinity.
                        Err(Misfit::Range) if code == b'f' && s.native => {}
                        packed => packed.map_err(|m| misfit(vm, field, m))?,
                    }
                    let item = &mut item[..field.size];
                    if s.big_endian {
                        swap(code, item);
                    }
                    place.copy_from_slice(item);
                }
            }
            at += field.size;
        }
    }
    Ok(out)
}

/// Turns the order of an item's bytes; the two parts of a complex number stay where they are.
fn swap(code: u8, item: &mut [u8]) {
    let half = item.len() / 2;
    match code {
        b'F' | b'D' => item.chunks_exact_mut(half).for_each(<[u8]>::reverse),
        _ => item.reverse(),
    }
}

pub fn pack(vm: &mut Vm, s: &Format, values: &[Value], function: &str) -> R {
    let bytes = pack_bytes(vm, s, values, function)?;
    Ok(Bytes::new(&vm.heap, bytes).into())
}

/// The place that an offset argument means in a buffer of `len` bytes, and whether `size` bytes have room there.
fn place(vm: &mut Vm, offset: i64, size: usize, len: usize, packing: bool) -> R<usize> {
    let mut at = offset;
    if at < 0 {
        if at + size as i64 > 0 {
            let what = if packing { "no space to pack" } else { "not enough data to unpack" };
            return Err(error(vm, &format!("{what} {size} bytes at offset {offset}")));
        }
        if at + (len as i64) < 0 {
            return Err(error(vm, &format!("offset {offset} out of range for {len}-byte buffer")));
        }
        at += len as i64;
    }
    let at = at as usize;
    if len < at || len - at < size {
        let (function, doing) = if packing { ("pack_into", "packing") } else { ("unpack_from", "unpacking") };
        let least = size.saturating_add(at);
        return Err(error(
            vm,
            &format!(
                "{function} requires a buffer of at least {least} bytes for {doing} {size} bytes at offset {at} \
                 (actual buffer size is {len})"
            ),
        ));
    }
    Ok(at)
}

/// `pack_into(buffer, offset, v1, v2, ...)`.
pub fn pack_into(vm: &mut Vm, s: &Format, args: &[Value]) -> R {
    let [target, offset, values @ ..] = args else {
        let what = if args.is_empty() { "buffer" } else { "offset" };
        return Err(error(vm, &format!("pack_into expected {what} argument")));
    };
    if values.len() != s.values {
        let (want, got) = (s.values, values.len());
        return Err(error(vm, &format!("pack_into expected {want} items for packing (got {got})")));
    }
    let Some(target) = Target::open(vm, target)? else {
        let got = vm.argument_class(target);
        return Err(vm.type_error(format!("argument must be read-write bytes-like object, not {got}")));
    };
    let offset = vm.index_position(offset)?;
    let at = place(vm, offset, s.size, target.size(), true)?;
    let bytes = pack_bytes(vm, s, values, "pack_into")?;
    target.write(at, &bytes);
    Ok(Value::NONE)
}

/// The values of `s.size` bytes.
fn values(vm: &Vm, s: &Format, data: &[u8]) -> Value {
    let mut values = Vec::with_capacity(s.values);
    for field in &s.fields {
        for i in 0..field.count {
            let at = field.offset + i * field.size;
            let item = &data[at..at + field.size];
            values.push(match (field.code, item) {
                (b's', item) => Bytes::new(&vm.heap, item).into(),
                (b'p', []) => Bytes::new(&vm.heap, Vec::new()).into(),
                (b'p', [n, rest @ ..]) => Bytes::new(&vm.heap, &rest[..rest.len().min((*n).into())]).into(),
                (code, item) if s.big_endian => {
                    let mut swapped = [0; scalar::WIDEST];
                    let swapped = &mut swapped[..item.len()];
                    swapped.copy_from_slice(item);
                    swap(code, swapped);
                    scalar::unpack(vm, code, swapped)
                }
                (code, item) => scalar::unpack(vm, code, item),
            });
        }
    }
    Tuple::new(&vm.heap, values).into()
}

pub fn unpack(vm: &mut Vm, s: &Format, data: &Value) -> R {
    let data = buffer::bytes(vm, data)?;
    if data.len() != s.size {
        return Err(error(vm, &format!("unpack requires a buffer of {} bytes", s.size)));
    }
    Ok(values(vm, s, &data))
}

pub fn unpack_from(vm: &mut Vm, s: &Format, data: Option<&Value>, offset: Option<&Value>) -> R {
    let data = data.cloned().unwrap_or(Value::NONE);
    let data = buffer::bytes(vm, &data)?;
    let offset = match offset {
        Some(v) => vm.index_i64(v)?,
        None => 0,
    };
    let at = place(vm, offset, s.size, data.len(), false)?;
    Ok(values(vm, s, &data[at..at + s.size]))
}

/// What `iter_unpack` gives.
struct Unpacker {
    format: Rc<Format>,
    /// The object whose bytes these are; None at the end.
    data: Mut<Option<Value>>,
    at: Cell<usize>,
    len: usize,
}

opaque_data!(Unpacker { data });

impl NativeIter for Unpacker {
    fn next(&self, vm: &mut Vm) -> R<Option<Value>> {
        let Some(data) = self.data.get() else { return Ok(None) };
        let (at, size) = (self.at.get(), self.format.size);
        let bytes = buffer::bytes(vm, &data)?;
        // What was a buffer of this length may have shrunk since.
        let Some(bytes) = bytes.get(at..at + size) else {
            self.data.set(None);
            return Ok(None);
        };
        self.at.set(at + size);
        Ok(Some(values(vm, &self.format, bytes)))
    }
}

static UNPACKER: Class = Class {
    module: "_struct",
    name: "unpack_iterator",
    kind: Kind::Iter,
    methods: &[
        slots::ITER,
        slots::NEXT,
        def("__length_hint__", 1, 1, |vm, a| {
            let u = vm.iter_receiver::<Unpacker>(a)?;
            let left = if u.data.borrow().is_some() { u.len.saturating_sub(u.at.get()) / u.format.size } else { 0 };
            Ok(Value::from_len(left))
        }),
    ],
    ..CLASS
};

pub fn iter_unpack(vm: &mut Vm, s: &Rc<Format>, data: &Value) -> R {
    let len = buffer::bytes(vm, data)?.len();
    if s.size == 0 {
        return Err(error(vm, "cannot iteratively unpack with a struct of length 0"));
    }
    if len % s.size != 0 {
        let text = format!("iterative unpacking requires a buffer of a multiple of {} bytes", s.size);
        return Err(error(vm, &text));
    }
    let class = vm.native_class(&UNPACKER);
    let state = Unpacker { format: s.clone(), data: Mut::new(Some(data.clone())), at: Cell::new(0), len };
    Ok(vm.new_native_iter(&class, state))
}
