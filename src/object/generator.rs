//! Generators, coroutines and asynchronous generators: a frame that is kept while it does not run.

use std::cell::Cell;

use super::cell::Mut;
use super::frame::FrameObject;
use super::function::{Code, Function};
use super::header::{Kind, Object, Ref};
use super::sequence::payload_heap;
use super::value::Value;
use crate::code::code_flags;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GeneratorState {
    Created,
    Suspended,
    Running,
    Finished,
}

/// What the suspended frame is to a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flavor {
    Generator,
    /// A generator that may be awaited (`types.coroutine`).
    IterableCoroutine,
    Coroutine,
    AsyncGenerator,
}

impl Flavor {
    /// By the `CO_*` flags of the code.
    pub fn of(flags: u32) -> Flavor {
        if flags & code_flags::COROUTINE != 0 {
            Flavor::Coroutine
        } else if flags & code_flags::ASYNC_GENERATOR != 0 {
            Flavor::AsyncGenerator
        } else if flags & code_flags::ITERABLE_COROUTINE != 0 {
            Flavor::IterableCoroutine
        } else {
            Flavor::Generator
        }
    }

    /// The word for messages.
    pub fn word(self) -> &'static str {
        match self {
            Flavor::Generator | Flavor::IterableCoroutine => "generator",
            Flavor::Coroutine => "coroutine",
            Flavor::AsyncGenerator => "async generator",
        }
    }
}

/// The payload of generators, coroutines and asynchronous generators.
pub struct Generator {
    pub state: Cell<GeneratorState>,
    pub flavor: Flavor,
    /// The function whose frame it is; gone when finished.
    pub function: Mut<Option<Ref<Function>>>,
    /// The code that it runs, whatever code the function has got since.
    pub code: Ref<Code>,
    /// The registers while the frame does not run (all None while it does); None is an unbound register.
    pub registers: Mut<Box<[Option<Value>]>>,
    /// Index of the instruction to resume at.
    pub resume_at: Cell<u32>,
    /// The register for what is sent: that of the yield at which it is suspended.  None before the start, and where a
    /// debugger lets it go on elsewhere.
    pub sent_to: Cell<Option<u16>>,
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
    /// Of a coroutine: `cr_origin`.  Of an asynchronous generator: what is called when it dies unfinished.
    pub origin_or_finalizer: Mut<Option<Value>>,
    /// The rest is of asynchronous generators only: the hooks have been asked.
    pub hooks_done: Cell<bool>,
    /// `aclose()` has begun, or it has ended.
    pub closed: Cell<bool>,
    /// One of its awaitables is running (`ag_running`).
    pub running_async: Cell<bool>,
}

// SAFETY: all references are visited.
unsafe impl Object for Generator {
    const KIND: Kind = Kind::Generator;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(self.code.as_value());
        self.function.borrow().iter().for_each(|f| visit(f.as_value()));
        self.registers.borrow().iter().flatten().for_each(&mut *visit);
        self.handled.borrow().iter().for_each(&mut *visit);
        self.origin_or_finalizer.borrow().iter().for_each(&mut *visit);
        visit(&self.name.borrow());
        visit(&self.qualname.borrow());
        self.frame.borrow().iter().for_each(visit);
    }
    fn clear(&self) {
        self.leave_frame();
        drop(self.registers.take());
        self.handled.set(None);
        self.origin_or_finalizer.set(None);
        self.state.set(GeneratorState::Finished);
    }
}

impl Drop for Generator {
    fn drop(&mut self) {
        // When everything goes the object may be gone already.
        if !payload_heap(self).is_torn_down() {
            self.leave_frame();
        }
    }
}

impl Generator {
    /// The frame, which does not run, will not run again: its object, if there is one, takes what it held.
    pub fn leave_frame(&self) {
        let Some(object) = self.frame.take() else { return };
        if let Some(frame) = object.opaque::<FrameObject>() {
            frame.leave(self.stands_at() as u32, self.registers.take().into_vec());
        }
    }

    /// Whether any of its code has run.
    pub fn has_started(&self) -> bool {
        self.state.get() != GeneratorState::Created
    }

    /// The word at which the frame stands while it does not run: behind it is where it goes on, unless a debugger has set
    /// the line.
    pub fn stands_at(&self) -> usize {
        let has_jumped = self.state.get() == GeneratorState::Suspended && self.sent_to.get().is_none();
        (self.resume_at.get() as usize).saturating_sub(usize::from(!has_jumped))
    }

    /// A generator that has not started; its frame resumes at `resume_at` with these registers.
    pub fn new(
        function: &Ref<Function>,
        code: Ref<Code>,
        registers: Box<[Option<Value>]>,
        resume_at: u32,
    ) -> Generator {
        Generator {
            state: Cell::new(GeneratorState::Created),
            flavor: Flavor::of(code.data.flags),
            code,
            function: Mut::new(Some(function.clone())),
            registers: Mut::new(registers),
            resume_at: Cell::new(resume_at),
            sent_to: Cell::new(None),
            handled: Mut::new(None),
            delegate: Cell::new(None),
            closes_silently: Cell::new(true),
            frame: Mut::new(None),
            name: Mut::new(function.name.get()),
            qualname: Mut::new(function.qualname.get()),
            origin_or_finalizer: Mut::new(None),
            hooks_done: Cell::new(false),
            closed: Cell::new(false),
            running_async: Cell::new(false),
        }
    }

    /// Whether `iter` and `next` work on it.
    pub fn is_iterator(&self) -> bool {
        matches!(self.flavor, Flavor::Generator | Flavor::IterableCoroutine)
    }

    /// Whether `await` takes it as it is.
    pub fn is_awaitable(&self) -> bool {
        matches!(self.flavor, Flavor::Coroutine | Flavor::IterableCoroutine)
    }

    /// What an asynchronous generator that is dying unfinished must be handed to.
    pub fn finalizer(&self) -> Option<Value> {
        let wanted =
            self.flavor == Flavor::AsyncGenerator && self.state.get() != GeneratorState::Finished && !self.closed.get();
        if wanted { self.origin_or_finalizer.get() } else { None }
    }

    /// Whether dying must run Python code, or print a warning, first.
    pub fn needs_finalizer(&self) -> bool {
        match self.state.get() {
            GeneratorState::Created if self.flavor == Flavor::Coroutine => true,
            GeneratorState::Suspended if !self.closes_silently.get() => true,
            _ => self.finalizer().is_some(),
        }
    }
}
