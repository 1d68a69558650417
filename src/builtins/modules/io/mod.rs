//! `_io`: the classes of files, and streams in memory.  `open` and the standard streams are those of `builtins/io.rs`.

mod base;
mod bytes_io;
mod string_io;

pub use base::unsupported;

use super::{add_class, new, set};
use crate::builtins::io as files;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::value::Value;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::{R, Vm};

const TABLE: &[Def] = &[
    def_kw("open", 0, ANY, files::open),
    def("open_code", 1, 1, |vm, a| {
        let mode = vm.new_str("rb");
        files::open(vm, crate::vm::Args::positional(&[a.pos[0].clone(), mode]))
    }),
    def("text_encoding", 1, 2, |vm, a| Ok(if a.pos[0].is_none() { vm.new_str("utf-8") } else { a.pos[0].clone() })),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_io", TABLE);
    for class in [
        &base::IO_BASE,
        &base::RAW_IO_BASE,
        &base::BUFFERED_IO_BASE,
        &base::TEXT_IO_BASE,
        &base::FILE_IO,
        &base::BUFFERED_READER,
        &base::BUFFERED_WRITER,
        &base::BUFFERED_RANDOM,
        &base::BUFFERED_RW_PAIR,
        &base::NEWLINE_DECODER,
        &bytes_io::BYTES_IO,
        &string_io::STRING_IO,
    ] {
        add_class(vm, &m, class);
    }
    let wrapper: Value = vm.types().text_io_wrapper.clone().into();
    set(vm, &m.dict, "TextIOWrapper", wrapper);
    let error: Value = base::unsupported_operation(vm)?.into();
    set(vm, &m.dict, "UnsupportedOperation", error);
    let blocking: Value = vm.types().BlockingIOError.clone().into();
    set(vm, &m.dict, "BlockingIOError", blocking);
    set(vm, &m.dict, "DEFAULT_BUFFER_SIZE", Value::int_unchecked(128 * 1024));
    Ok(m)
}
