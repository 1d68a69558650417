//! From source text to a code object on the heap.

use std::path::Path;

use super::codec;
use super::modules::ast::build::build;
use super::modules::ast::read::read;
use crate::compile::source::Source;
use crate::compile::syntax_error::{ErrorKind, Stage, SyntaxError};
use crate::compile::tree::tree;
use crate::compile::written::{Unwritable, write};
use crate::compile::{Mode, compile_with_warnings};
use crate::object::exception::Exception;
use crate::object::function::Code;
use crate::object::header::Ref;
use crate::object::sequence::Bytes;
use crate::object::value::Value;
use crate::vm::exceptions::{SyntaxErrorData, SyntaxErrorKind, field};
use crate::vm::{Exc, R, Vm};

/// What the compiler is taken to need for a byte of source.  Seen: 20 for code as people write it, up to 200 for the densest.
const CODE_BYTES: usize = 64;
/// The same for a tree of plain nodes.
const TREE_BYTES: usize = 256;

/// Refuses a source for which there is no room under the memory ceiling: what the compiler takes counts nowhere else.
fn check_size(vm: &mut Vm, source: &Result<Source, SyntaxError>, bytes: usize) -> R<()> {
    match source {
        Ok(source) => vm.check_memory(source.text().len().checked_mul(bytes)),
        Err(_) => Ok(()),
    }
}

/// A source as it lies in a file; an encoding that the compiler does not know is looked up among the program's codecs.
pub fn source_of_bytes(vm: &mut Vm, file: &str, bytes: &[u8]) -> Result<Source, SyntaxError> {
    if let Some(encoding) = Source::foreign_encoding(bytes) {
        let data = Bytes::new(&vm.heap, bytes);
        let decoded = codec::decode(vm, &data, &encoding, "strict");
        if let Some(text) = decoded.ok().as_ref().and_then(|text| text.to_utf8()) {
            return Source::from_text(file, text);
        }
    }
    Source::from_bytes(file, bytes)
}

/// The code of a module's source.
///
/// # Errors
/// What CPython raises for the source: SyntaxError, IndentationError, TabError, RecursionError, MemoryError.
pub fn compile_source(vm: &mut Vm, file: &str, bytes: &[u8]) -> R<Ref<Code>> {
    compile_as(vm, file, bytes, Mode::Exec)
}

/// The same for what `eval` or an interactive session takes.
pub fn compile_as(vm: &mut Vm, file: &str, bytes: &[u8], mode: Mode) -> R<Ref<Code>> {
    let source = source_of_bytes(vm, file, bytes);
    load(vm, file, source, mode, true)
}

/// The same for what a program has in memory.
pub fn compile_bytes(vm: &mut Vm, file: &str, bytes: &[u8], mode: Mode) -> R<Ref<Code>> {
    let source = source_of_bytes(vm, file, bytes);
    load(vm, file, source, mode, Path::new(file).is_file())
}

/// `has_file`: the lines of the source can be found by the name of the file.
fn load(vm: &mut Vm, file: &str, source: Result<Source, SyntaxError>, mode: Mode, has_file: bool) -> R<Ref<Code>> {
    check_size(vm, &source, CODE_BYTES)?;
    let source = source.map(|source| match mode {
        Mode::Exec if !source.is_written() => source.with_last_newline(),
        _ => source,
    });
    let compiled = source.and_then(|source| compile_with_warnings(&source, mode));
    let (data, warnings) = compiled.map_err(|mut e| {
        if e.stage != Stage::Parse && !has_file {
            e.text = None;
        }
        exception_of(vm, &e)
    })?;
    let class = vm.types().SyntaxWarning.clone();
    for w in warnings {
        // Where warnings are errors, the error tells the place.
        vm.warn_at(&class, &w.message, file, w.error.line).map_err(|e| match vm.is_exception(&e, &class) {
            true => exception_of(vm, &w.error),
            false => e,
        })?;
    }
    vm.load_code(&data)
}

/// The syntax tree of a source, as an object of `ast`.
///
/// # Errors
/// As for [`compile_source`].
pub fn tree_of(vm: &mut Vm, source: Result<Source, SyntaxError>, mode: Mode) -> R {
    check_size(vm, &source, TREE_BYTES)?;
    let tree = source.and_then(|source| tree(&source, mode)).map_err(|e| exception_of(vm, &e))?;
    build(vm, &tree)
}

/// The code of a syntax tree, an object of `ast`.
///
/// # Errors
/// As for [`compile_source`]; TypeError and ValueError for what is no tree of a program.
pub fn compile_tree(vm: &mut Vm, file: &str, tree: &Value, mode: Mode) -> R<Ref<Code>> {
    let kind = match mode {
        Mode::Exec => "Module",
        Mode::Eval => "Expression",
        Mode::Single => "Interactive",
    };
    let tree = read(vm, tree, kind)?;
    let written = match write(&tree) {
        Ok(written) => written,
        Err(Unwritable::Invalid(message)) => return Err(vm.value_error(message)),
        Err(Unwritable::Type(message)) => return Err(vm.type_error(message)),
        Err(Unwritable::Unsupported(what)) => {
            return Err(vm.not_implemented_error(format!("{what} is not supported yet")));
        }
    };
    load(vm, file, Source::written(file, written), mode, false)
}

/// The code of text that is decoded already.
///
/// # Errors
/// As for [`compile_source`].
pub fn compile_text(vm: &mut Vm, file: &str, text: &str, mode: Mode) -> R<Ref<Code>> {
    let source = Source::from_text(file, text);
    load(vm, file, source, mode, Path::new(file).is_file())
}

/// The exception that an error of the compiler is raised as.
pub fn exception_of(vm: &mut Vm, e: &SyntaxError) -> Exc {
    let t = vm.types();
    let kind = match e.kind {
        ErrorKind::Recursion => return vm.recursion_error(&e.msg),
        ErrorKind::Memory => return vm.memory_error(),
        ErrorKind::Syntax if e.line == 0 && e.text.is_none() => {
            let class = t.SyntaxError.clone();
            let error = vm.error(&class, &e.msg);
            let message = vm.new_str(&e.msg);
            if let Some(x) = error.0.downcast::<Exception>() {
                x.set_field(field::SYNTAX_MSG, Some(message));
            }
            return error;
        }
        ErrorKind::Syntax => SyntaxErrorKind::Syntax,
        ErrorKind::Indentation => SyntaxErrorKind::Indentation,
        ErrorKind::Tab => SyntaxErrorKind::Tab,
    };
    vm.syntax_error(&SyntaxErrorData {
        message: e.msg.clone(),
        filename: e.file.to_string(),
        line: e.line,
        column: e.offset,
        end_line: e.end_line,
        end_column: e.end_offset,
        text: e.text.clone(),
        kind,
        bare_args: e.stage == Stage::Symbols,
    })
}
