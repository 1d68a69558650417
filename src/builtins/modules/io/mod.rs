//! `_io`: files.  One file for each class, or family of classes with one payload; the calls of the system are those of
//! `posix/fd.rs`.

mod abstracts;
mod base;
mod buffered;
mod bytes_io;
mod file_io;
mod memory;
mod newline;
mod open;
mod string_io;
mod text;

pub use open::open;
pub use text::{print_all, standard_stream};

use super::posix::fd;
use super::{add_class, new, set};
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::str::Str;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def_kw};
use crate::vm::native_args::signature;
use crate::vm::output::Stream;
use crate::vm::{Args, R, Vm};

/// `DEFAULT_BUFFER_SIZE`, as of 3.14.
const BUFFER_SIZE: usize = 128 * 1024;

const TABLE: &[Def] = &[
    def_kw("open", 0, ANY, open),
    def_kw("open_code", 0, ANY, open_code),
    def_kw("text_encoding", 0, ANY, |vm, a| {
        a.check_keywords(vm, "text_encoding", &[])?;
        a.between(vm, "text_encoding", 1, 2)?;
        Ok(if a.pos[0].is_none() { vm.new_str("utf-8") } else { a.pos[0].clone() })
    }),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_io", TABLE);
    for class in [
        &base::IO_BASE,
        &base::RAW_IO_BASE,
        &abstracts::BUFFERED_IO_BASE,
        &abstracts::TEXT_IO_BASE,
        &file_io::FILE_IO,
        &buffered::BUFFERED_READER,
        &buffered::BUFFERED_WRITER,
        &buffered::BUFFERED_RANDOM,
        &buffered::pair::BUFFERED_RW_PAIR,
        &newline::NEWLINE_DECODER,
        &text::TEXT_IO_WRAPPER,
    ] {
        add_class(vm, &m, class);
    }
    for class in [&bytes_io::BYTES_IO, &string_io::STRING_IO] {
        add_class(vm, &m, class);
        // What is in memory need not be closed; a subclass written in Python is, as in CPython.
        let t = vm.native_class(class);
        t.flags.set(t.flags.get() & !type_flags::FINALIZER);
    }
    let error: Value = super::exception_class(vm, &base::UNSUPPORTED)?.into();
    set(vm, &m.dict, "UnsupportedOperation", error);
    let blocking: Value = vm.types().BlockingIOError.clone().into();
    set(vm, &m.dict, "BlockingIOError", blocking);
    set(vm, &m.dict, "DEFAULT_BUFFER_SIZE", Value::from_len(BUFFER_SIZE));
    Ok(m)
}

/// `open_code(path)`: `open(path, 'rb')`, for what is going to be run.
fn open_code(vm: &mut Vm, a: Args<'_>) -> R {
    let [path] = a.bind(vm, &signature("open_code", ["path"], 1))?;
    let path = path.cloned().unwrap_or(Value::NONE);
    if path.downcast::<Str>().is_none() {
        let got = vm.argument_class(&path);
        return Err(vm.type_error(format!("open_code() argument 'path' must be str, not {got}")));
    }
    let mode = vm.new_str("rb");
    open(vm, Args::positional(&[path, mode]))
}

/// A text file and what it writes to or reads from: its buffer, and the raw file of that.
pub fn with_parts(file: &Value) -> Vec<Value> {
    let buffer = file.opaque::<text::TextIo>().and_then(text::TextIo::underlying);
    let raw = buffer.as_ref().and_then(|b| b.opaque::<buffered::Buffered>()).and_then(buffered::Buffered::underlying);
    [Some(file.clone()), buffer, raw].into_iter().flatten().collect()
}

/// The file objects that `sys` starts with: stdin, stdout, stderr.
pub fn standard_files(vm: &mut Vm) -> R<[Value; 3]> {
    Ok([
        text::standard(vm, None)?,
        text::standard(vm, Some(Stream::Stdout))?,
        text::standard(vm, Some(Stream::Stderr))?,
    ])
}
