//! The class `TextIOWrapper`.

use super::super::abstracts::TEXT_IO_BASE;
use super::super::base::{self, call, chain, unsupported};
use super::super::buffered::standard_writer;
use super::super::file_io;
use super::super::newline::Newline;
use super::{TextIo, position, read, receiver, reentrant, write};
use crate::builtins::codec::{self, registry::TextCodec};
use crate::object::header::Kind;
use crate::object::number::BigInt;
use crate::object::str::Str;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::native::{ANY, NativeFn, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::output::Stream;
use crate::vm::{Args, R, Vm};

/// The encoding of text for which none is said, as of an interpreter in UTF-8 mode.
pub const DEFAULT_ENCODING: &str = "utf-8";

pub static TEXT_IO_WRAPPER: Class = Class {
    module: "_io",
    name: "TextIOWrapper",
    doc: "TextIOWrapper(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False): \
          text over a file of bytes.",
    kind: Kind::Opaque,
    flags: type_flags::BASE | type_flags::ATTRS,
    parent: Some(&TEXT_IO_BASE),
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        Ok(vm.new_opaque(&class, TextIo::new()))
    })),
    methods: &[
        def_kw("__init__", 1, ANY, init),
        def_kw("reconfigure", 1, ANY, reconfigure),
        def("detach", 1, 1, detach),
        def("write", 2, 2, write::write),
        def("read", 1, 2, read::read),
        def("readline", 1, 2, read::readline),
        def("__next__", 1, 1, read::next),
        def("flush", 1, 1, write::flush),
        def("close", 1, 1, close),
        def("fileno", 1, 1, |vm, a| below(vm, a, "fileno")),
        def("seekable", 1, 1, |vm, a| below(vm, a, "seekable")),
        def("readable", 1, 1, |vm, a| below(vm, a, "readable")),
        def("writable", 1, 1, |vm, a| below(vm, a, "writable")),
        def("isatty", 1, 1, |vm, a| below(vm, a, "isatty")),
        def("seek", 2, 3, position::seek),
        def("tell", 1, 1, position::tell),
        def("truncate", 1, 2, position::truncate),
        def("__repr__", 1, 1, repr),
        base::NO_REDUCE,
        base::NO_REDUCE_EX,
    ],
    getset: ATTRIBUTES,
    fields: &["buffer", "encoding", "line_buffering", "write_through", "_finalizing"],
    ..CLASS
};

const ATTRIBUTES: &[(&str, NativeFn, Option<NativeFn>)] = &[
    ("buffer", |vm, a| Ok(vm.receiver::<TextIo>(a)?.buffer.get().unwrap_or(Value::NONE)), None),
    ("name", |vm, a| attribute_below(vm, a, "name"), None),
    ("closed", |vm, a| attribute_below(vm, a, "closed"), None),
    (
        "encoding",
        |vm, a| {
            let t = vm.receiver::<TextIo>(a)?;
            Ok(if t.ok.get() { vm.new_str(&t.encoding.get()) } else { Value::NONE })
        },
        None,
    ),
    (
        "errors",
        |vm, a| {
            let t = vm.receiver::<TextIo>(a)?;
            if t.ok.get() { Ok(vm.new_str(&t.errors.get())) } else { t.attached(vm) }
        },
        None,
    ),
    ("newlines", newlines, None),
    ("line_buffering", |vm, a| Ok(Value::bool(vm.receiver::<TextIo>(a)?.line_buffering.get())), None),
    ("write_through", |vm, a| Ok(Value::bool(vm.receiver::<TextIo>(a)?.write_through.get())), None),
    (
        "_finalizing",
        |vm, a| Ok(Value::bool(vm.receiver::<TextIo>(a)?.finalizing.get())),
        Some(|vm, a| {
            let on = base::flag(vm, a)?;
            vm.receiver::<TextIo>(a)?.finalizing.set(on);
            Ok(Value::NONE)
        }),
    ),
    (
        "_CHUNK_SIZE",
        |vm, a| {
            let (t, _) = receiver(vm, a)?;
            Ok(BigInt::from_size(&vm.heap, t.chunk.get()))
        },
        Some(|vm, a| {
            let (t, _) = receiver(vm, a)?;
            let Some(n) = a.get(1) else { return Err(vm.attribute_error_text("cannot delete attribute")) };
            match usize::try_from(base::offset(vm, n)?) {
                Ok(n) if n > 0 => t.chunk.set(n),
                _ => return Err(vm.value_error("a strictly positive integer is required")),
            }
            Ok(Value::NONE)
        }),
    ),
];

fn below(vm: &mut Vm, a: Args<'_>, method: &str) -> R {
    let (_, buffer) = receiver(vm, a)?;
    call(vm, &buffer, method, &[])
}

fn attribute_below(vm: &mut Vm, a: Args<'_>, name: &str) -> R {
    let (_, buffer) = receiver(vm, a)?;
    let name = vm.intern(name);
    vm.get_attr(&buffer, &name)
}

fn newlines(vm: &mut Vm, a: Args<'_>) -> R {
    let (t, _) = receiver(vm, a)?;
    let Some(decoder) = t.decoder.get() else { return Ok(Value::NONE) };
    if let Some(u) = &decoder.universal {
        return Ok(u.newlines(vm));
    }
    match decoder.decoder.object() {
        Some(o) => {
            let name = vm.intern("newlines");
            Ok(vm.get_attr_opt(o, &name)?.unwrap_or(Value::NONE))
        }
        None => Ok(Value::NONE),
    }
}

/// A str argument that may be missing or None.
fn text_argument(vm: &mut Vm, v: Option<&Value>, function: &str, name: &str) -> R<Option<String>> {
    let Some(v) = v.filter(|v| !v.is_none()) else { return Ok(None) };
    let Some(s) = v.downcast::<Str>() else {
        let got = vm.argument_class(v);
        return Err(vm.type_error(format!("{function}() argument '{name}' must be str or None, not {got}")));
    };
    // A lone surrogate is in no name, and has no bytes either.
    let bytes = codec::encode(vm, s, "utf-8", "strict")?;
    Ok(String::from_utf8(bytes).ok())
}

fn newline_argument(vm: &mut Vm, v: Option<&Value>, function: &str) -> R<Newline> {
    let Some(text) = text_argument(vm, v, function, "newline")? else { return Ok(Newline::Translate) };
    match Newline::parse(&text) {
        Some(newline) => Ok(newline),
        None => Err(vm.value_error(format!("illegal newline value: {text}"))),
    }
}

/// An encoding argument: that of the locale is the default one.
fn encoding_of(given: Option<String>) -> String {
    match given {
        Some(name) if name != "locale" => name,
        _ => DEFAULT_ENCODING.to_owned(),
    }
}

fn init(vm: &mut Vm, a: Args<'_>) -> R {
    let names = ["buffer", "encoding", "errors", "newline", "line_buffering", "write_through"];
    let [buffer, encoding, errors, newline, line_buffering, write_through] =
        a.rest().bind(vm, &signature("TextIOWrapper", names, 1))?;
    let t = vm.receiver::<TextIo>(a)?;
    t.ok.set(false);
    t.detached.set(false);
    let encoding = text_argument(vm, encoding, "TextIOWrapper", "encoding")?;
    let errors = text_argument(vm, errors, "TextIOWrapper", "errors")?.unwrap_or_else(|| "strict".to_owned());
    if encoding.iter().chain([&errors]).any(|name| name.contains('\0')) {
        return Err(vm.value_error("embedded null character"));
    }
    let newline = newline_argument(vm, newline, "TextIOWrapper")?;
    let line_buffering = line_buffering.map_or(Ok(false), |v| vm.truth(v))?;
    let write_through = write_through.map_or(Ok(false), |v| vm.truth(v))?;
    let encoding = encoding_of(encoding);
    let codec = TextCodec::find(vm, &encoding)?;
    let buffer = &buffer.cloned().unwrap_or(Value::NONE);
    t.newline.set(newline);
    t.encoder.set(None);
    t.decoder.set(None);
    t.forget_decoded();
    t.snapshot.set(None);
    t.pending.set(Vec::new());
    t.host.set(None);
    t.encoding.set(encoding.as_str().into());
    t.errors.set(errors.as_str().into());
    t.line_buffering.set(line_buffering);
    t.write_through.set(write_through);
    t.set_codec(vm, &codec, buffer, &errors)?;
    let seekable = call(vm, buffer, "seekable", &[])?;
    let seekable = vm.truth(&seekable)?;
    t.seekable.set(seekable);
    t.telling.set(seekable);
    let read1 = vm.intern("read1");
    t.has_read1.set(vm.get_attr_opt(buffer, &read1)?.is_some());
    t.ratio.set(0.0);
    t.place_encoder(vm, buffer)?;
    t.buffer.set(Some(buffer.clone()));
    t.ok.set(true);
    Ok(Value::NONE)
}

fn reconfigure(vm: &mut Vm, a: Args<'_>) -> R {
    let names = ["encoding", "errors", "newline", "line_buffering", "write_through"];
    let s = Signature { function: "reconfigure", names, required: 0, positional: 0 };
    let [encoding, errors, newline, line_buffering, write_through] = a.rest().bind(vm, &s)?;
    let (t, buffer) = receiver(vm, a)?;
    let given = |v: &Option<&Value>| v.is_some_and(|v| !v.is_none());
    if t.decoded.borrow().is_some() && (given(&encoding) || given(&errors) || newline.is_some()) {
        return Err(unsupported(
            vm,
            "It is not possible to set the encoding or newline of stream after the first read",
        ));
    }
    let encoding = text_argument(vm, encoding, "reconfigure", "encoding")?;
    let errors = text_argument(vm, errors, "reconfigure", "errors")?;
    let new_line = match newline {
        Some(_) => Some(newline_argument(vm, newline, "reconfigure")?),
        None => None,
    };
    let switch = |vm: &mut Vm, v: Option<&Value>, old: bool| match v.filter(|v| !v.is_none()) {
        Some(v) => Ok(vm.index_i64(v)? != 0),
        None => Ok(old),
    };
    let line_buffering = switch(vm, line_buffering, t.line_buffering.get())?;
    let write_through = switch(vm, write_through, t.write_through.get())?;
    call(vm, &a.pos[0], "flush", &[])?;
    t.ratio.set(0.0);
    if encoding.is_some() || errors.is_some() || new_line.is_some() {
        let errors = match (&encoding, errors) {
            (_, Some(errors)) => errors,
            (Some(_), None) => "strict".to_owned(),
            (None, None) => t.errors.get().to_string(),
        };
        let encoding = match encoding {
            Some(name) => encoding_of(Some(name)),
            None => t.encoding.get().to_string(),
        };
        let codec = TextCodec::find(vm, &encoding)?;
        if let Some(newline) = new_line {
            t.newline.set(newline);
        }
        t.set_codec(vm, &codec, &buffer, &errors)?;
        t.encoding.set(encoding.as_str().into());
        t.errors.set(errors.as_str().into());
        t.place_encoder(vm, &buffer)?;
    }
    t.line_buffering.set(line_buffering);
    t.write_through.set(write_through);
    Ok(Value::NONE)
}

fn detach(vm: &mut Vm, a: Args<'_>) -> R {
    let (t, buffer) = receiver(vm, a)?;
    call(vm, &a.pos[0], "flush", &[])?;
    t.buffer.set(None);
    t.host.set(None);
    t.detached.set(true);
    Ok(buffer)
}

fn close(vm: &mut Vm, a: Args<'_>) -> R {
    let (t, buffer) = receiver(vm, a)?;
    let name = vm.intern("closed");
    let closed = vm.get_attr(&a.pos[0], &name)?;
    if vm.truth(&closed)? {
        return Ok(Value::NONE);
    }
    if t.finalizing.get() {
        // A file below without such a method says nothing.
        let _ = call(vm, &buffer, "_dealloc_warn", &a.pos[..1]);
    }
    let flushed = call(vm, &a.pos[0], "flush", &[]);
    let closed = call(vm, &buffer, "close", &[]);
    match (flushed, closed) {
        (Err(first), Err(second)) => Err(chain(vm, second, &first)),
        (flushed, closed) => flushed.and(closed),
    }
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let t = vm.receiver::<TextIo>(a)?;
    if !t.ok.get() {
        return t.attached(vm);
    }
    let class = vm.class_name(&a.pos[0]);
    let Ok(_guard) = t.in_repr.try_borrow_mut() else { return Err(reentrant(vm, &class)) };
    let mut text = format!("<{class}");
    for key in ["name", "mode"] {
        let name = vm.intern(key);
        let found = match vm.get_attr_opt(&a.pos[0], &name) {
            // Without a raw file there is no name.
            Err(e) if vm.is_exception(&e, &vm.types().ValueError) => None,
            found => found?,
        };
        if let Some(v) = found {
            text.push_str(&format!(" {key}={}", vm.repr(&v)?));
        }
    }
    let encoding = vm.new_str(&t.encoding.get());
    text.push_str(&format!(" encoding={}>", vm.repr(&encoding)?));
    Ok(vm.new_str(&text))
}

/// The object of a standard stream: the process's input, or an output of the host.
pub fn standard(vm: &mut Vm, stream: Option<Stream>) -> R {
    let (name, mode) = match stream {
        None => ("<stdin>", "r"),
        Some(Stream::Stdout) => ("<stdout>", "w"),
        Some(Stream::Stderr) => ("<stderr>", "w"),
    };
    let raw = file_io::standard(vm, stream, name);
    let buffer = match stream {
        Some(_) => standard_writer(vm, &raw)?,
        None => {
            let class = vm.native_class(&super::super::buffered::BUFFERED_READER).to_value();
            vm.call(&class, &[raw])?
        }
    };
    let errors = if stream == Some(Stream::Stderr) { "backslashreplace" } else { "surrogateescape" };
    let args = [buffer, vm.new_str(DEFAULT_ENCODING), vm.new_str(errors), Value::NONE];
    let args = match stream {
        // Input may have any line end; output has those that the program writes.
        None => args,
        Some(_) => args.map(|v| if v.is_none() { vm.new_str("\n") } else { v }),
    };
    let class = vm.native_class(&TEXT_IO_WRAPPER).to_value();
    let file = vm.call(&class, &args)?;
    if let Some(t) = file.opaque::<TextIo>() {
        t.host.set(stream);
        t.line_buffering.set(stream == Some(Stream::Stderr));
    }
    let (key, mode) = (vm.intern("mode"), vm.new_str(mode));
    vm.instance_set(&file, &key, mode);
    Ok(file)
}
