//! `open`: a raw file, a buffer over it, and text over that.

use super::base::{call, chain};
use super::buffered::{BUFFERED_RANDOM, BUFFERED_READER, BUFFERED_WRITER};
use super::file_io::{self, FILE_IO};
use super::text::TEXT_IO_WRAPPER;
use crate::builtins::modules::posix;
use crate::object::number::BigInt;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native_args::signature;
use crate::vm::{Args, Exc, R, Vm};

/// The largest buffer that a file's own block size asks for.
const MOST: i64 = 8 << 20;

/// A mode of `open`, which `FileIO` gets without `t`.
#[derive(Default)]
struct Mode {
    /// Of `rwax`, how many.
    kinds: usize,
    reading: bool,
    updating: bool,
    text: bool,
    binary: bool,
    raw: String,
}

fn parse_mode(vm: &mut Vm, mode: &str) -> R<Mode> {
    let mut m = Mode::default();
    for (i, c) in mode.char_indices() {
        match c {
            'r' | 'w' | 'a' | 'x' => m.kinds += 1,
            '+' => m.updating = true,
            't' => m.text = true,
            'b' => m.binary = true,
            _ => return Err(vm.value_error(format!("invalid mode: '{mode}'"))),
        }
        m.reading |= c == 'r';
        if mode[..i].contains(c) {
            return Err(vm.value_error(format!("invalid mode: '{mode}'")));
        }
        if c != 't' && c != 'b' {
            m.raw.push(c);
        }
    }
    Ok(m)
}

/// A str argument that may be None.
fn text_argument(vm: &mut Vm, v: Option<&Value>, name: &str) -> R<Option<Value>> {
    match v.filter(|v| !v.is_none()) {
        Some(v) if v.downcast::<Str>().is_none() => {
            let got = vm.argument_class(v);
            Err(vm.type_error(format!("open() argument '{name}' must be str or None, not {got}")))
        }
        v => Ok(v.cloned()),
    }
}

/// `open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)`.
pub fn open(vm: &mut Vm, a: Args<'_>) -> R {
    let names = ["file", "mode", "buffering", "encoding", "errors", "newline", "closefd", "opener"];
    let [file, mode, buffering, encoding, errors, newline, closefd, opener] =
        a.bind(vm, &signature("open", names, 1))?;
    let mode = match mode {
        None => vm.new_str("r"),
        Some(m) if m.downcast::<Str>().is_some() => m.clone(),
        Some(m) => {
            let got = vm.argument_class(m);
            return Err(vm.type_error(format!("open() argument 'mode' must be str, not {got}")));
        }
    };
    let mode_text = mode.downcast::<Str>().map(|s| s.to_string()).unwrap_or_default();
    let mut buffering = match buffering {
        Some(n) => vm.index_i64(n)?,
        None => -1,
    };
    let encoding = text_argument(vm, encoding, "encoding")?;
    let errors = text_argument(vm, errors, "errors")?;
    let newline = text_argument(vm, newline, "newline")?;
    let file = file.cloned().unwrap_or(Value::NONE);
    let file = if file.as_int().is_some() { file } else { posix::fspath(vm, &file)? };
    let m = parse_mode(vm, &mode_text)?;
    if m.text && m.binary {
        return Err(vm.value_error("can't have text and binary mode at once"));
    }
    if m.kinds > 1 {
        return Err(vm.value_error("must have exactly one of create/read/write/append mode"));
    }
    for (name, given) in [("encoding", &encoding), ("errors", &errors), ("newline", &newline)] {
        if m.binary && given.is_some() {
            let an = if name == "newline" { "a" } else { "an" };
            return Err(vm.value_error(format!("binary mode doesn't take {an} {name} argument")));
        }
    }
    if m.binary && buffering == 1 {
        let class = vm.types().RuntimeWarning.clone();
        let text = "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used";
        vm.warn(&class, text)?;
    }
    let closefd = closefd.cloned().unwrap_or(Value::TRUE);
    let opener = opener.cloned().unwrap_or(Value::NONE);
    let raw_mode = vm.new_str(&m.raw);
    let class = vm.native_class(&FILE_IO).to_value();
    let raw = vm.call(&class, &[file, raw_mode, closefd, opener])?;
    let (block, is_terminal) = match file_io::shape(vm, &raw) {
        Ok(shape) => shape,
        Err(e) => return Err(give_up(vm, e, &raw)),
    };
    let by_lines = buffering == 1 || (buffering < 0 && is_terminal);
    if by_lines {
        buffering = -1;
    }
    if buffering < 0 {
        buffering = block.min(MOST).max(super::BUFFER_SIZE as i64);
    }
    if buffering == 0 {
        if m.binary {
            return Ok(raw);
        }
        let e = vm.value_error("can't have unbuffered text I/O");
        return Err(give_up(vm, e, &raw));
    }
    let class = match (m.updating, m.reading) {
        (true, _) => &BUFFERED_RANDOM,
        (false, true) => &BUFFERED_READER,
        (false, false) => &BUFFERED_WRITER,
    };
    let class = vm.native_class(class).to_value();
    let size = BigInt::from_i64(&vm.heap, buffering);
    let buffer = match vm.call(&class, &[raw.clone(), size]) {
        Ok(buffer) if m.binary => return Ok(buffer),
        Ok(buffer) => buffer,
        Err(e) => return Err(give_up(vm, e, &raw)),
    };
    let class = vm.native_class(&TEXT_IO_WRAPPER).to_value();
    let or_none = |v: Option<Value>| v.unwrap_or(Value::NONE);
    let args = [buffer.clone(), or_none(encoding), or_none(errors), or_none(newline), Value::bool(by_lines)];
    let wrapper = match vm.call(&class, &args) {
        Ok(wrapper) => wrapper,
        Err(e) => return Err(give_up(vm, e, &buffer)),
    };
    let name = vm.intern("mode");
    vm.set_attr(&wrapper, &name, mode)?;
    Ok(wrapper)
}

/// Closes what was opened before an error.
fn give_up(vm: &mut Vm, e: Exc, opened: &Value) -> Exc {
    match call(vm, opened, "close", &[]) {
        Ok(_) => e,
        Err(later) => chain(vm, later, &e),
    }
}
