//! Generators: a frame that is kept while it does not run.

use std::cell::Cell;

use super::cell::Mut;
use super::frame::FrameObject;
use super::function::{Code, Function};
use super::header::{Kind, Object, Ref};
use super::value::Value;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GeneratorState {
    Created,
    Suspended,
    Running,
    Finished,
}

/// The payload of generators (and, later, coroutines).
pub struct Generator {
    pub state: Cell<GeneratorState>,
    /// The function whose frame it is; gone when finished.
    pub function: Mut<Option<Ref<Function>>>,
    /// The code that it runs, whatever code the function has got since.
    pub code: Ref<Code>,
    /// The registers while the frame does not run (all None while it does); None is an unbound register.
    pub registers: Mut<Box<[Option<Value>]>>,
    /// Index of the instruction to resume at.
    pub resume_at: Cell<u32>,
    /// The exception that the frame was handling when it yielded.
    pub handled: Mut<Option<Value>>,
    /// The iterator that `yield from` or `await` delegates to lies in this register.
    pub delegate: Cell<Option<u32>>,
    /// Suspended outside of every `try` and `with`: closing runs no code (as CPython 3.13 has it).
    pub closes_silently: Cell<bool>,
    /// The frame object, if there is one and the frame does not run.
    pub frame: Mut<Option<Value>>,
    pub name: Mut<Value>,
    pub qualname: Mut<Value>,
}

// SAFETY: all references are visited.
unsafe impl Object for Generator {
    const KIND: Kind = Kind::Generator;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.function.borrow().iter().for_each(|f| visit(f.as_value()));
        visit(self.code.as_value());
        self.registers.borrow().iter().flatten().for_each(&mut *visit);
        self.handled.borrow().iter().for_each(&mut *visit);
        visit(&self.name.borrow());
        visit(&self.qualname.borrow());
        self.frame.borrow().iter().for_each(visit);
    }
    fn clear(&self) {
        self.leave_frame();
        drop(self.registers.take());
        self.handled.set(None);
        self.state.set(GeneratorState::Finished);
    }
}

impl Drop for Generator {
    fn drop(&mut self) {
        self.leave_frame();
    }
}

impl Generator {
    /// The frame, which does not run, will not run again: its object, if there is one, takes what it held.
    pub fn leave_frame(&self) {
        let Some(object) = self.frame.take() else { return };
        if let Some(frame) = object.opaque::<FrameObject>() {
            frame.leave(self.resume_at.get().saturating_sub(1), self.registers.take().into_vec());
        }
    }

    /// Whether any of its code has run.
    pub fn has_started(&self) -> bool {
        self.state.get() != GeneratorState::Created
    }

    /// Whether dying must run Python code first.
    pub fn needs_close(&self) -> bool {
        self.state.get() == GeneratorState::Suspended && !self.closes_silently.get()
    }
}
