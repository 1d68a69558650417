//! Operations of the data model.  Each may run Python code, so no borrow of a payload lives across a call of them.
//!
//! Built-in classes are served here by kind.  An instance of a class made by Python code (`type_flags::HEAP`) is asked
//! for the special method first; where that is the built-in one, the same code serves it.

pub mod attribute;
pub mod buffer;
pub mod call;
mod code;
pub mod compare;
pub mod convert;
pub mod dict_view;
pub mod hash;
pub mod instance_check;
pub mod iterate;
pub mod list_slice;
pub mod number;
pub mod range;
pub mod repr;
pub mod set_update;
pub mod special;
pub mod subscript;
