//! execmon: execution event monitoring as a C-ABI library, with a Python interpreter behind it.

pub mod builtins;
pub mod capi;
pub mod code;
pub mod compile;
pub mod monitor;
pub mod object;
pub mod runtime;
pub mod tools;
pub mod vm;
