//! Frame objects: what a program can hold of a frame, while the frame runs and afterwards.
//!
//! Few frames ever get one.  The VM keeps a frame and its object together: it tells the object where the registers are.

use std::cell::Cell;
use std::ptr::NonNull;

use super::cell::Mut;
use super::dict::Dict;
use super::function::{Code, Function};
use super::generator::Generator;
use super::header::{Gc, Ref};
use super::value::Value;
use crate::opaque_data;

/// Where a frame's registers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the stack of frames, with this many frames below.
    Stack(usize),
    /// In the generator, which does not run.  Not owned: a generator that goes takes its frame off ([`FrameObject::leave`]).
    Generator(NonNull<Gc<Generator>>),
    /// The frame has been left, and the object holds what it held.
    Left,
}

/// The data of `frame` objects.
pub struct FrameObject {
    pub function: Ref<Function>,
    /// The code that runs, which the function may have lost meanwhile.
    pub code: Ref<Code>,
    pub place: Cell<Place>,
    /// The namespace of a module or class body.
    pub namespace: Mut<Option<Value>>,
    /// Names that were added to the locals of a function, as debuggers do.
    pub added: Mut<Option<Ref<Dict>>>,
    /// What the registers of locals, cells and free variables held when the frame was left.
    pub locals: Mut<Vec<Option<Value>>>,
    /// The instruction at which it was left.
    pub instruction: Cell<u32>,
    /// The frame object of the caller, once the frame has been left.
    pub back: Mut<Option<Value>>,
    /// `f_trace`.
    pub trace: Mut<Option<Value>>,
    pub trace_lines: Cell<bool>,
    pub trace_opcodes: Cell<bool>,
}

impl FrameObject {
    pub fn new(function: Ref<Function>, code: Ref<Code>, place: Place) -> FrameObject {
        FrameObject {
            function,
            code,
            place: Cell::new(place),
            namespace: Mut::new(None),
            added: Mut::new(None),
            locals: Mut::new(Vec::new()),
            instruction: Cell::new(0),
            back: Mut::new(None),
            trace: Mut::new(None),
            trace_lines: Cell::new(true),
            trace_opcodes: Cell::new(false),
        }
    }

    /// The frame ends at `instruction`; its locals go to the object.
    pub fn leave(&self, instruction: u32, locals: Vec<Option<Value>>) {
        self.place.set(Place::Left);
        self.instruction.set(instruction);
        self.locals.set(locals);
    }
}

opaque_data!(FrameObject { function, code, namespace, added, locals, back, trace } clear { namespace, added, locals, back, trace });
