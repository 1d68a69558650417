//! From source text to code.

pub mod ir;
