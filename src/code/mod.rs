//! Code objects, the instruction table, position and exception tables.  Plain data: nothing here runs.

pub mod constant;
