//! Frame objects of live frames: making them, and keeping them with their frames.
//!
//! Invariant: the frames that have an object carry `frame_flags::OBJECT`, and [`Vm::frame_objects`] has one entry for
//! each of them, outermost first.  A generator that does not run keeps its own.

use super::instrument::original_op;
use super::stack::{Frame, frame_flags};
use crate::code::Op;
use crate::object::dict::Dict;
use crate::object::frame::{FrameObject, Place};
use crate::object::function::{Cell, Code};
use crate::object::generator::{Generator, GeneratorState};
use crate::object::header::Ref;
use crate::object::opaque::Opaque;
use crate::object::value::Value;
use crate::vm::Vm;

/// The object of a live frame, and how many frames are below it.
pub(super) struct LiveFrameObject {
    depth: usize,
    object: Value,
}

impl Vm {
    fn new_frame_object(&self, data: FrameObject) -> Value {
        self.heap.alloc(&self.types().frame, Opaque { data: Box::new(data) }).into()
    }

    /// The object of the live frame with `depth` frames below it.
    pub fn frame_object(&mut self, depth: usize) -> Option<Value> {
        let frame = self.stack.frames().get(depth)?;
        let at = self.frame_objects.partition_point(|f| f.depth < depth);
        if frame.flags & frame_flags::OBJECT != 0 {
            return self.frame_objects.get(at).map(|f| f.object.clone());
        }
        let data = FrameObject::new(frame.function.clone(), self.running_code(frame), Place::Stack(depth));
        data.namespace.set(frame.locals.clone());
        let object = self.new_frame_object(data);
        self.frame_objects.insert(at, LiveFrameObject { depth, object: object.clone() });
        self.stack.add_flags(depth, frame_flags::OBJECT);
        Some(object)
    }

    /// The object of the top frame.
    pub fn top_frame_object(&mut self) -> Option<Value> {
        self.frame_object(self.stack.depth().checked_sub(1)?)
    }

    /// The names that were added to the locals of a live frame, through its object.
    pub(super) fn added_locals(&self, frame: &Frame) -> Option<Ref<Dict>> {
        if frame.flags & frame_flags::OBJECT == 0 {
            return None;
        }
        let is_its =
            |f: &&LiveFrameObject| self.stack.frames().get(f.depth).is_some_and(|own| std::ptr::eq(own, frame));
        self.frame_objects.iter().rev().find(is_its)?.object.opaque::<FrameObject>()?.added.get()
    }

    /// The top frame, which has an object, is about to be left: the object gets what it holds.  `returned` is what its
    /// RETURN has taken out of a register.
    #[cold]
    pub(super) fn leave_frame_object(&mut self, returned: Option<&Value>) {
        let Some(entry) = self.frame_objects.pop() else { return };
        // Where nobody else holds the object, nobody will ask.
        let is_held = entry.object.header().is_some_and(|h| h.count() > 1);
        let (Some(data), true) = (entry.object.opaque::<FrameObject>(), is_held) else { return };
        let Some(frame) = self.stack.frame() else { return };
        let code = frame.code();
        let mut locals: Vec<_> = (0..code.data.first_temp).map(|i| frame.register(i).cloned()).collect();
        let word = code.data.word(frame.index());
        if original_op(code, frame.index()).unwrap_or_else(|| word.op()) == Op::RETURN
            && let Some(register) = locals.get_mut(usize::from(word.a()))
        {
            *register = returned.cloned();
        }
        data.leave(self.place_of(frame) as u32, locals);
        let caller = entry.depth.checked_sub(1).and_then(|below| self.frame_object(below));
        data.back.set(caller);
    }

    /// A generator's frame, which has an object, has been put away.
    #[cold]
    pub(super) fn suspend_frame_object(&mut self, g: &Ref<Generator>) {
        let Some(entry) = self.frame_objects.pop() else { return };
        if let Some(data) = entry.object.opaque::<FrameObject>() {
            data.place.set(Place::Generator(g.gc().into()));
            g.frame.set(Some(entry.object));
        }
    }

    /// A generator's frame is about to be pushed again: the flag of one with an object.
    #[inline]
    pub(super) fn resume_frame_object(&mut self, g: &Generator) -> u16 {
        if g.frame.borrow().is_none() { 0 } else { self.put_frame_object(g) }
    }

    #[cold]
    fn put_frame_object(&mut self, g: &Generator) -> u16 {
        let Some(object) = g.frame.take() else { return 0 };
        let depth = self.stack.depth();
        if let Some(data) = object.opaque::<FrameObject>() {
            data.place.set(Place::Stack(depth));
        }
        self.frame_objects.push(LiveFrameObject { depth, object });
        frame_flags::OBJECT
    }

    /// The frame object of a generator (`gi_frame`); None when it has finished.
    pub fn generator_frame(&mut self, g: &Ref<Generator>) -> Option<Value> {
        match g.state.get() {
            GeneratorState::Finished => None,
            GeneratorState::Running => {
                let is_its = |f: &Frame| f.generator.as_ref().is_some_and(|own| own.is(g));
                let depth = self.stack.frames().iter().rposition(is_its)?;
                self.frame_object(depth)
            }
            GeneratorState::Created | GeneratorState::Suspended => {
                if let Some(object) = g.frame.get() {
                    return Some(object);
                }
                let function = g.function.get()?;
                let place = Place::Generator(g.gc().into());
                let object = self.new_frame_object(FrameObject::new(function, g.code.clone(), place));
                g.frame.set(Some(object.clone()));
                Some(object)
            }
        }
    }

    /// The generator whose suspended frame it is.
    pub fn generator_of_frame(&self, f: &FrameObject) -> Option<Ref<Generator>> {
        match f.place.get() {
            // SAFETY: a generator that goes takes its frame object off itself, so this one is alive.
            Place::Generator(g) => unsafe {
                g.as_ref().header.increment();
                Some(Ref::from_raw(g))
            },
            _ => None,
        }
    }

    /// The frame object of the caller (`f_back`).
    pub fn frame_back(&mut self, f: &FrameObject) -> Option<Value> {
        match f.place.get() {
            Place::Stack(depth) => self.frame_object(depth.checked_sub(1)?),
            Place::Generator(_) => None,
            Place::Left => f.back.get(),
        }
    }

    /// The index of the instruction at which a frame stands.
    pub fn frame_instruction(&self, f: &FrameObject) -> usize {
        match f.place.get() {
            Place::Stack(depth) => self.stack.frames().get(depth).map_or(0, |f| self.place_of(f)),
            // SAFETY: a generator that goes takes its frame object off itself.
            Place::Generator(g) => unsafe { g.as_ref() }.data.stands_at(),
            Place::Left => f.instruction.get() as usize,
        }
    }

    /// The index of the instruction at which a live frame stands.  While an exception is raised again at the end of a
    /// handler, that is where it was raised.
    pub(super) fn place_of(&self, frame: &Frame) -> usize {
        let i = frame.index();
        let w = frame.code().data.word(i);
        if original_op(frame.code(), i).unwrap_or_else(|| w.op()) != Op::RERAISE || w.x() != 1 {
            return i;
        }
        frame.register(w.b()).and_then(Value::as_small_int).map_or(i, |raised| raised as usize)
    }

    /// What a local, cell or free variable of a frame is bound to; `i` is its register.
    pub fn frame_local(&self, f: &FrameObject, i: usize) -> Option<Value> {
        let held = self.frame_register(f, i)?;
        match held.downcast::<Cell>() {
            Some(cell) if is_cell(&f.code, i) => cell.value.get(),
            _ => Some(held),
        }
    }

    fn frame_register(&self, f: &FrameObject, i: usize) -> Option<Value> {
        match f.place.get() {
            Place::Stack(depth) => self.stack.frames().get(depth)?.register(i as u16).cloned(),
            // SAFETY: a generator that goes takes its frame object off itself.
            Place::Generator(g) => unsafe { g.as_ref() }.data.registers.borrow().get(i)?.clone(),
            Place::Left => f.locals.borrow().get(i)?.clone(),
        }
    }

    /// Binds a local, cell or free variable of a frame (PEP 667: `f_locals` writes through).
    pub fn set_frame_local(&mut self, f: &FrameObject, i: usize, v: Value) {
        if is_cell(&f.code, i)
            && let Some(cell) = self.frame_register(f, i)
            && let Some(cell) = cell.downcast::<Cell>()
        {
            cell.value.set(Some(v));
            return;
        }
        match f.place.get() {
            Place::Stack(depth) => drop(self.stack.replace_register(depth, i as u16, Some(v))),
            // SAFETY: a generator that goes takes its frame object off itself.
            Place::Generator(g) => {
                let old = unsafe { g.as_ref() }.data.registers.borrow_mut().get_mut(i).map(|r| r.replace(v));
                drop(old);
            }
            Place::Left => {
                let old = f.locals.borrow_mut().get_mut(i).map(|r| r.replace(v));
                drop(old);
            }
        }
    }
}

/// Whether a register holds a cell, once its frame has begun.
fn is_cell(code: &Code, i: usize) -> bool {
    i >= code.data.local_count as usize || code.data.cell_registers.contains(&(i as u16))
}
