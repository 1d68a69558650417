//! What the compiler makes: the plain data of a code object.

use std::cell::Cell;
use std::sync::Arc;

use super::constant::Const;
use super::ops::{Op, Word};
use super::stack_state::StackStates;

/// A source range, as `co_positions` gives it: lines from 1, columns from 0 in UTF-8 bytes, -1 where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub line: i32,
    pub end_line: i32,
    pub column: i32,
    pub end_column: i32,
}

/// A row of the exception table: an exception raised by a word in `start..end` goes to `target`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    pub start: u32,
    pub end: u32,
    pub target: u32,
    /// First register that is dropped; there the index of the raising word is put if `with_index`, then the exception.
    pub base: u16,
    pub with_index: bool,
}

/// How arguments are bound and what kind of frame the code makes: CPython's `CO_*` bits.
pub mod code_flags {
    pub const OPTIMIZED: u32 = 0x1;
    pub const NEWLOCALS: u32 = 0x2;
    pub const VARARGS: u32 = 0x4;
    pub const VARKEYWORDS: u32 = 0x8;
    pub const NESTED: u32 = 0x10;
    pub const GENERATOR: u32 = 0x20;
    pub const COROUTINE: u32 = 0x80;
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    pub const ASYNC_GENERATOR: u32 = 0x200;
    pub const HAS_DOCSTRING: u32 = 0x400_0000;
    pub const METHOD: u32 = 0x800_0000;
}

/// Offsets, as programs and tools see them, per word of code.  Two, as CPython counts bytes of instructions that are two
/// bytes wide: `co_positions()` has an item for each word, which is found by the `offset // 2` of CPython's library.
pub const OFFSET_PER_WORD: u32 = 2;

/// A code object without its heap objects.
#[derive(Clone)]
pub struct CodeData {
    pub name: String,
    pub qualname: String,
    pub file: String,
    pub first_line: i32,
    pub arg_count: u32,
    pub pos_only_count: u32,
    pub kw_only_count: u32,
    pub flags: u32,
    /// The number of arguments with which a call needs no binding: all positional, all given, none collected.
    pub simple_args: Option<u32>,
    /// The live words: only `vm/instrument` writes opcodes, and handlers their own cache words.
    pub words: Box<[Cell<u64>]>,
    pub consts: Vec<Const>,
    pub names: Vec<String>,
    /// Names of the registers of locals, then of cells, then of free variables.
    pub local_names: Vec<String>,
    /// How many of them are locals, and how many free variables (the last ones).
    pub local_count: u32,
    pub free_count: u32,
    /// Registers of cells that the frame makes.
    pub cell_registers: Vec<u16>,
    /// First temporary.
    pub first_temp: u16,
    /// All registers.
    pub register_count: u16,
    /// By word; the words that follow an instruction have its position.  Shared with what outlives the code object.
    pub positions: Arc<[Position]>,
    /// By word: a LINE event may fire before it.
    pub line_starts: Vec<bool>,
    /// The line starts that are one location with another, in the order of their words.
    pub line_aliases: Vec<LineAlias>,
    /// Where and how a debugger may make a frame jump.
    pub stack_states: StackStates,
    pub handlers: Vec<Handler>,
    /// The code objects that `Const::Code` counts.
    pub nested: Vec<std::rc::Rc<CodeData>>,
}

/// A word whose LINE event is that of another word: both fire it for the same target, reached in two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineAlias {
    pub word: u32,
    /// The word that stands for both.
    pub location: u32,
}

impl CodeData {
    /// The word that is the location of the LINE event of word `i`.
    pub fn line_location(&self, i: usize) -> usize {
        match self.line_aliases.binary_search_by_key(&(i as u32), |a| a.word) {
            Ok(at) => self.line_aliases[at].location as usize,
            Err(_) => i,
        }
    }

    /// The word at an index, as it is now (possibly instrumented).
    pub fn word(&self, i: usize) -> Word {
        Word(self.words[i].get())
    }

    /// The line of a word; None where it has none.
    pub fn line(&self, i: usize) -> Option<i32> {
        self.positions.get(i).map(|p| p.line).filter(|&l| l >= 0)
    }

    /// The innermost handler of a word (rows are sorted so that the first match is it).
    pub fn handler(&self, i: u32) -> Option<&Handler> {
        self.handlers.iter().find(|h| h.start <= i && i < h.end)
    }

    pub fn has_flag(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    /// Number of parameters, the collecting ones included.
    pub fn parameter_count(&self) -> u32 {
        self.arg_count
            + self.kw_only_count
            + self.has_flag(code_flags::VARARGS) as u32
            + self.has_flag(code_flags::VARKEYWORDS) as u32
    }

    /// Whether the word at `i` begins an instruction is known by walking; this walks over all instructions as they were
    /// assembled (`original` tells the opcode where the live one may be another).
    pub fn instructions<'a>(
        &'a self,
        original: &'a dyn Fn(usize) -> Option<Op>,
    ) -> impl Iterator<Item = (usize, Word)> + 'a {
        let mut i = 0;
        std::iter::from_fn(move || {
            if i >= self.words.len() {
                return None;
            }
            let at = i;
            let w = self.word(at).as_compiled(original(at));
            i += 1 + w.op().extra_words();
            Some((at, w))
        })
    }
}
