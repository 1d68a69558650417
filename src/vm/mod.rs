//! The virtual machine: the loop, calls, unwinding, generators, and the protocols that may run Python code.

pub mod class;
pub mod construct;
pub mod error;
pub mod exceptions;
pub mod format;
pub mod member;
pub mod mro;
pub mod native;
pub mod native_call;
pub mod pending;
pub mod output;
pub mod protocol;
pub mod suggest;

use crate::object::dict::Dict;
use crate::object::header::Ref;
use crate::object::heap::Heap;
use crate::object::str::Str;
use crate::object::types::TypeTable;

pub use error::{Exc, R};
pub use native::{Args, NativeFn};

/// One interpreter: its objects, stack and modules.  Belongs to one thread at a time.
pub struct Vm {
    /// The namespace of `builtins`.
    pub builtins: Ref<Dict>,
    /// `sys.modules`.
    pub modules: Ref<Dict>,
    /// Where the standard streams go.
    pub output: Box<dyn output::Output>,
    /// What native code keeps between calls.
    pub native: NativeState,
    /// Last, because everything above refers to it.
    pub heap: Box<Heap>,
}

/// What native code keeps between calls.
pub struct NativeState {
    /// Containers whose `repr` is being made, as words.
    pub repr_active: Vec<u64>,
    /// Limit of int/str conversion in decimal digits; 0 is none.
    pub int_max_str_digits: usize,
    /// How many Python calls may be active at once (`sys.setrecursionlimit`).
    pub recursion_limit: usize,
}

impl Default for NativeState {
    fn default() -> NativeState {
        NativeState { repr_active: Vec::new(), int_max_str_digits: 4300, recursion_limit: 1000 }
    }
}

impl Vm {
    /// The built-in classes.
    #[inline(always)]
    pub fn types(&self) -> &TypeTable {
        self.heap.types()
    }

    /// The interned str of a name.
    pub fn intern(&self, name: &str) -> Ref<Str> {
        self.heap.interned.get(&self.heap, name)
    }

    /// A new str.
    pub fn new_str(&self, text: &str) -> crate::object::value::Value {
        Str::new(&self.heap, text).into()
    }
}
