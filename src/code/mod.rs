//! Code objects, the instruction table, position and exception tables.  Plain data: nothing here runs.

pub mod operators;

pub use operators::{BinaryOp, CompareOp, UnaryOp};

pub struct CodeData {}
