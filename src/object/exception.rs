//! Exceptions and tracebacks: data only.

use std::cell::Cell;

use super::cell::Mut;
use super::function::Code;
use super::header::{Kind, Object, Ref};
use super::sequence::Tuple;
use super::value::Value;

/// The payload of exceptions.
pub struct Exception {
    pub args: Mut<Ref<Tuple>>,
    pub traceback: Mut<Option<Ref<Traceback>>>,
    pub cause: Mut<Option<Value>>,
    pub context: Mut<Option<Value>>,
    pub suppress_context: Cell<bool>,
    /// The members that some classes have beside `args` (`StopIteration.value`, `OSError.errno`, ...), by the
    /// position that `builtins` gives them.
    pub fields: Mut<Vec<Option<Value>>>,
}

// SAFETY: all references are visited.
unsafe impl Object for Exception {
    const KIND: Kind = Kind::Exception;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self.args.borrow().as_value());
        self.traceback.borrow().iter().for_each(|t| visit(t.as_value()));
        self.cause.borrow().iter().for_each(&mut *visit);
        self.context.borrow().iter().for_each(&mut *visit);
        self.fields.borrow().iter().flatten().for_each(&mut *visit);
    }
    fn clear(&self) {
        self.traceback.set(None);
        self.cause.set(None);
        self.context.set(None);
        drop(self.fields.take());
    }
}

impl Exception {
    pub fn new(args: Ref<Tuple>) -> Exception {
        Exception {
            args: Mut::new(args),
            traceback: Mut::new(None),
            cause: Mut::new(None),
            context: Mut::new(None),
            suppress_context: Cell::new(false),
            fields: Mut::new(Vec::new()),
        }
    }
}

/// The payload of `traceback`: one frame that the exception passed, and the frame it called.
pub struct Traceback {
    pub next: Mut<Option<Ref<Traceback>>>,
    /// What the frame runs.
    pub code: Ref<Code>,
    /// Index of the instruction that raised or called.
    pub instruction: u32,
    /// The line, where it was given and is not the instruction's.
    pub line: Option<i32>,
    /// The object of the frame, which lives as long as the traceback, and with it what the frame held.
    pub frame: Mut<Option<Value>>,
}

impl Traceback {
    /// The line that is shown.
    pub fn line(&self) -> Option<i32> {
        self.line.or_else(|| self.code.data.line(self.instruction as usize))
    }
}

// SAFETY: all references are visited.
unsafe impl Object for Traceback {
    const KIND: Kind = Kind::Traceback;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.next.borrow().iter().for_each(|t| visit(t.as_value()));
        visit(self.code.as_value());
        self.frame.borrow().iter().for_each(visit);
    }
    fn clear(&self) {
        self.next.set(None);
        self.frame.set(None);
    }
}
