//! The states of the built-in iterators.  Advancing them is the VM's work, because some of them run Python code.

use std::rc::Rc;

use super::cell::Mut;
use super::dict::Dict;
use super::function::Entry;
use super::header::{Kind, Object, Ref};
use super::opaque::OpaqueData;
use super::sequence::{Bytes, List, Tuple};
use super::set::Set;
use super::str::Str;
use super::value::Value;

/// What an iteration over a dict gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DictPart {
    Keys,
    Values,
    Items,
}

/// The state of an iterator; `Done` is final and owns nothing.
pub enum IterState {
    Done,
    List {
        list: Ref<List>,
        next: usize,
    },
    /// Items `next - 1` down to 0.
    ListReversed {
        list: Ref<List>,
        next: usize,
    },
    Tuple {
        tuple: Ref<Tuple>,
        next: usize,
    },
    Str {
        text: Ref<Str>,
        next: usize,
    },
    Bytes {
        bytes: Ref<Bytes>,
        next: usize,
    },
    /// `left` more numbers from `next`.
    Range {
        next: i64,
        step: i64,
        left: u64,
    },
    /// A range whose numbers do not all fit 63 bits.
    BigRange {
        next: Value,
        step: Value,
        left: Value,
    },
    /// `len` is the length at the start: a dict that changes its size is an error.  `left` items are still expected.
    Dict {
        dict: Ref<Dict>,
        part: DictPart,
        next: usize,
        len: usize,
        left: usize,
    },
    DictReversed {
        dict: Ref<Dict>,
        part: DictPart,
        next: usize,
        len: usize,
    },
    Set {
        set: Ref<Set>,
        next: usize,
        len: usize,
    },
    /// `__getitem__` with 0, 1, ... until IndexError.
    Sequence {
        object: Value,
        next: i64,
    },
    /// `__getitem__` downwards (`reversed`).
    SequenceReversed {
        object: Value,
        next: i64,
    },
    /// `iter(callable, sentinel)`.
    Callable {
        callable: Value,
        sentinel: Value,
    },
    Enumerate {
        inner: Value,
        next: Value,
    },
    Zip {
        inner: Ref<Tuple>,
        strict: bool,
    },
    /// The iterators are let go of before the function.
    Map {
        inner: Ref<Tuple>,
        function: Value,
        strict: bool,
    },
    /// `function` None keeps what is true.
    Filter {
        function: Value,
        inner: Value,
    },
    /// An iterator of a native module.
    Native {
        /// The VM's function that advances this type of state.
        step: Entry,
        data: Rc<dyn OpaqueData>,
    },
}

/// The payload of every built-in iterator; the class tells which.
pub struct Iter {
    pub state: Mut<IterState>,
}

// SAFETY: all references are visited.
unsafe impl Object for Iter {
    const KIND: Kind = Kind::Iter;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        match &*self.state.borrow() {
            IterState::Done | IterState::Range { .. } => {}
            IterState::List { list, .. } | IterState::ListReversed { list, .. } => visit(list.as_value()),
            IterState::Tuple { tuple, .. } => visit(tuple.as_value()),
            IterState::Str { text, .. } => visit(text.as_value()),
            IterState::Bytes { bytes, .. } => visit(bytes.as_value()),
            IterState::BigRange { next, step, left } => [next, step, left].into_iter().for_each(visit),
            IterState::Dict { dict, .. } | IterState::DictReversed { dict, .. } => visit(dict.as_value()),
            IterState::Set { set, .. } => visit(set.as_value()),
            IterState::Sequence { object, .. } | IterState::SequenceReversed { object, .. } => visit(object),
            IterState::Callable { callable: a, sentinel: b }
            | IterState::Enumerate { inner: a, next: b }
            | IterState::Filter { function: a, inner: b } => {
                visit(a);
                visit(b);
            }
            IterState::Zip { inner, .. } => visit(inner.as_value()),
            IterState::Map { function, inner, .. } => {
                visit(inner.as_value());
                visit(function);
            }
            IterState::Native { data, .. } => data.traverse(visit),
        }
    }
    fn clear(&self) {
        self.state.set(IterState::Done);
    }
}
