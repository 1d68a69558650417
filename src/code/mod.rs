//! Code objects, the instruction table, position and exception tables.  Plain data: nothing here runs.

pub mod complex;
pub mod constant;
mod constant_text;
pub mod disassemble;
pub mod display_width;
pub mod instruction_args;
pub mod location_table;
pub mod object;
pub mod operators;
pub mod ops;
pub mod stack_state;
pub mod traceback_text;

pub use object::{CodeData, Handler, LineAlias, OFFSET_PER_WORD, Position, code_flags};
pub use operators::{BinaryOp, CompareOp, UnaryOp};
pub use ops::{Op, Operand, OwnEvent, Word, side};
