//! execmon: execution event monitoring as a C-ABI library, with a Python interpreter behind it.

// Its documentation is for those who work on it, who see what is private, too.
#![allow(rustdoc::private_intra_doc_links)]

pub mod builtins;
pub mod capi;
pub mod code;
pub mod compile;
pub mod monitor;
pub mod object;
pub mod runtime;
pub mod tools;
pub mod vm;
