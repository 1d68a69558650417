//! From source text to code.

pub mod parse;
pub mod source;
pub mod syntax_error;
pub mod ir;
