//! The C ABI, one file per noun.  `include/execmon.h` is made from these files, in the order of `SECTIONS` in
//! build.rs; each is a section of it.
//!
//! Handles are never addresses (see [`handle`]); every export goes through [`guard`]; results are written by
//! [`arguments::Out`].  Who may use an interpreter's VM is decided in one place, `vm/baton.rs`: an export that needs it
//! enters ([`interp::enter`]), the VM lends itself to whatever of the host it calls, and nothing of this room is borrowed
//! while either the host or the program runs.

#![allow(non_camel_case_types, clippy::missing_safety_doc, clippy::not_unsafe_ptr_arg_deref)]

mod arguments;
mod callback;
mod code;
mod desk;
mod error;
mod event;
mod fire;
mod frame;
mod function;
mod growing;
mod guard;
mod handle;
mod hook;
mod interp;
mod make;
mod monitor;
mod operate;
mod output;
mod run;
mod status;
mod thread;
mod tool;
mod value;
mod version;
