//! Values, the heap, and the data of the built-in types.  Nothing in this room can run Python code.

pub mod account;
pub mod attrs;
pub mod buffer;
pub mod cell;
pub mod collect;
pub mod complex;
pub mod dict;
pub mod exception;
pub mod frame;
pub mod function;
pub mod generator;
pub mod generic;
pub mod header;
pub mod heap;
pub mod instance;
pub mod intern;
pub mod iter;
pub mod number;
pub mod number_text;
pub mod opaque;
pub mod sequence;
pub mod set;
pub mod str;
pub mod types;
pub mod value;
mod visit;
pub mod weak;
