//! The register stack and the frames on it.
//!
//! A frame's registers lie on one stack; a callee's begin at its arguments in the caller's temporaries, so a call
//! copies nothing.  Invariant: every word above the registers of the top frame is empty or an immediate, so writing a
//! register may always drop what was there.

use std::cell::Cell;

use super::special_frames::Then;
use crate::object::function::{Code, Function};
use crate::object::generator::Generator;
use crate::object::header::{Gc, Ref};
use crate::object::types::type_flags;
use crate::object::value::Value;

/// Words of the register stack.  Only those that are used cost memory.
const STACK_WORDS: usize = 8 << 20;
/// The most frames, whatever the recursion limit says.
pub const MAX_FRAMES: usize = 200_000;

/// Frame flags.
pub mod frame_flags {
    /// `run` returns when this frame does.
    pub const ENTRY: u16 = 1;
    /// The frame belongs to a generator.
    pub const GENERATOR: u16 = 2;
    /// The generator was resumed by the FOR_ITER at which the frame below stands: its return ends that loop.
    pub const NEXT: u16 = 4;
    /// The generator was resumed by the SEND at which the frame below stands: its return ends that delegation.
    pub const SEND: u16 = 8;
    /// The frame has a frame object, which must hear of its end.
    pub const OBJECT: u16 = 16;
    /// The `__init__` of an instance that lies in the register below the frame's, and is the result.
    pub const INIT: u16 = 32;
    /// The getter of a property, entered by the LOAD_ATTR behind whose cache the frame below stands.
    pub const GETTER: u16 = 64;
    /// With NEXT: the FOR_ITER was armed for its end when it resumed the generator.
    pub const WATCHED: u16 = 128;
    /// The generator was resumed by the CALL of a native function at which the frame below stands: its return is a
    /// StopIteration there.
    pub const CALLED: u16 = 256;
    /// A special method, entered by the instruction at which the frame below stands ([`super::super::special_frames`]).
    pub const SPECIAL: u16 = 512;
    /// Entered by an instruction that is no call of it: an exception that comes out is the instruction's own.
    pub const INDIRECT: u16 = NEXT | SEND | INIT | GETTER | CALLED | SPECIAL;
}

/// One activation.
pub struct Frame {
    /// Keeps code, globals, builtins and closure alive.
    pub function: Ref<Function>,
    /// The function's code when it was entered (a code that is replaced meanwhile is kept by the VM).
    pub code: *const Gc<Code>,
    /// First register.
    pub regs: *mut u64,
    /// The next instruction; while the frame calls, the one behind the call.
    pub pc: *const Cell<u64>,
    /// The namespace of a module or class body: any mapping.
    pub locals: Option<Value>,
    pub generator: Option<Ref<Generator>>,
    /// The caller's register for the result.
    pub dst: u16,
    pub flags: u16,
    /// With SPECIAL: what becomes of the result.
    pub(super) then: Then,
}

impl Frame {
    #[inline(always)]
    pub fn code(&self) -> &Code {
        // SAFETY: the function, or the VM's list of replaced codes, keeps it alive while the frame lives.
        unsafe { &(*self.code).data }
    }

    /// Whether the locals are the globals, and no mapping of another kind: names may be found by the caches of globals.
    #[inline(always)]
    pub fn is_module(&self) -> bool {
        let globals = &self.function.globals;
        self.locals.as_ref().is_some_and(|l| l.is(globals.as_value())) && !globals.ty().has(type_flags::HEAP)
    }

    /// Index of the word that is being executed, when `pc` has been saved behind its opcode word.
    pub fn index(&self) -> usize {
        let start = self.code().data.words.as_ptr();
        // SAFETY: `pc` points into (or just behind) the words of this code.
        unsafe { self.pc.offset_from(start) as usize }.saturating_sub(1)
    }

    /// The line that is being executed.
    pub fn line(&self) -> Option<i32> {
        self.code().data.line(self.index())
    }

    /// Checks, in debug builds, what the stack's invariant asks of a frame that has been left: its registers, which are
    /// above the top frame now or are temporaries of it, hold no reference.
    #[inline(always)]
    pub(super) fn debug_assert_left(&self) {
        if cfg!(debug_assertions) {
            for i in 0..self.code().data.register_count {
                assert!(self.register(i).is_none_or(|v| v.header().is_none()), "register {i} holds a reference");
            }
        }
    }

    /// The value of a register, if it is bound.
    pub fn register(&self, i: u16) -> Option<&Value> {
        // SAFETY: `i` is a register of this frame; the empty word is the niche of `Option<Value>`.
        unsafe { (*(self.regs.add(i as usize) as *const Option<Value>)).as_ref() }
    }
}

/// Memory for registers and frames; neither ever moves.
pub struct Stack {
    words: *mut u64,
    end: *mut u64,
    /// Room for [`MAX_FRAMES`] frames and the one in front of them, which is never live.
    frames: *mut Frame,
    /// The top frame; `frames` when there is none.
    top: *mut Frame,
    /// The last frame that may be pushed: the recursion limit.
    limit: *mut Frame,
}

impl Default for Stack {
    fn default() -> Stack {
        Stack::new()
    }
}

impl Stack {
    pub fn new() -> Stack {
        // SAFETY: the layout is not empty.  Zeroed memory of this size is mapped lazily by the system.
        let words = unsafe { std::alloc::alloc_zeroed(Stack::layout()) }.cast::<u64>();
        if words.is_null() {
            std::alloc::handle_alloc_error(Stack::layout());
        }
        // SAFETY: the end of the allocation.
        let end = unsafe { words.add(STACK_WORDS) };
        // SAFETY: the layout is not empty.
        let frames = unsafe { std::alloc::alloc(Stack::frames_layout()) }.cast::<Frame>();
        if frames.is_null() {
            std::alloc::handle_alloc_error(Stack::frames_layout());
        }
        let mut stack = Stack { words, end, frames, top: frames, limit: frames };
        stack.set_limit(1000);
        stack
    }

    fn layout() -> std::alloc::Layout {
        std::alloc::Layout::array::<u64>(STACK_WORDS).expect("the size is a constant")
    }

    fn frames_layout() -> std::alloc::Layout {
        std::alloc::Layout::array::<Frame>(MAX_FRAMES + 1).expect("the size is a constant")
    }

    /// Where the registers of a frame on top of all others begin.
    #[inline]
    pub fn top(&self) -> *mut u64 {
        match self.frame() {
            // SAFETY: a frame's registers lie inside of the stack.
            Some(f) => unsafe { f.regs.add(f.code().hot.register_count as usize) },
            None => self.words,
        }
    }

    /// Sets how many frames may be live (at most [`MAX_FRAMES`]).
    pub fn set_limit(&mut self, frames: usize) {
        // SAFETY: a frame of the allocation.
        self.limit = unsafe { self.frames.add(frames.min(MAX_FRAMES)) };
    }

    pub fn frame_limit(&self) -> usize {
        // SAFETY: both point into the allocation.
        unsafe { self.limit.offset_from(self.frames) as usize }
    }

    /// Whether one more frame may be pushed whose `count` registers begin at `base`.
    #[inline(always)]
    pub fn has_room(&self, base: *mut u64, count: usize) -> bool {
        self.top < self.limit && base as usize + count * 8 <= self.end as usize
    }

    /// The same for a frame on top of `top`, the top frame.
    #[inline(always)]
    pub(super) fn has_room_above(&self, top: *mut Frame, base: *mut u64, count: usize) -> bool {
        top < self.limit && base.wrapping_add(count) <= self.end
    }

    pub fn depth(&self) -> usize {
        // SAFETY: both point into the allocation.
        unsafe { self.top.offset_from(self.frames) as usize }
    }

    /// The top frame.
    #[inline(always)]
    pub fn frame(&self) -> Option<&Frame> {
        // SAFETY: a frame above `frames` is live.
        if self.top == self.frames { None } else { unsafe { self.top.as_ref() } }
    }

    /// The top frame's address; that of no live frame if there is none.
    #[inline(always)]
    pub fn frame_ptr(&mut self) -> *mut Frame {
        self.top
    }

    /// All frames, outermost first.
    pub fn frames(&self) -> &[Frame] {
        // SAFETY: the frames from the second up to `top` are live.
        unsafe { std::slice::from_raw_parts(self.frames.add(1), self.depth()) }
    }

    /// Flags the frame with `depth` frames below it.
    pub fn add_flags(&mut self, depth: usize, flags: u16) {
        if depth < self.depth() {
            // SAFETY: a live frame.
            unsafe { (*self.frames.add(1 + depth)).flags |= flags }
        }
    }

    /// Puts a value, or none, into a register of the frame with `depth` frames below it; the one before.
    pub fn replace_register(&mut self, depth: usize, i: u16, v: Option<Value>) -> Option<Value> {
        let frame = self.frames().get(depth)?;
        if i >= frame.code().data.register_count {
            return None;
        }
        // SAFETY: a register of a live frame; the empty word is the niche of `Option<Value>`.
        unsafe { std::mem::replace(&mut *(frame.regs.add(i as usize) as *mut Option<Value>), v) }
    }

    /// Makes the frame with `depth` frames below it stand at a word of its code.
    pub fn set_word(&mut self, depth: usize, word: usize) {
        if depth < self.depth() {
            // SAFETY: a live frame, whose `pc` is behind the word at which it stands.
            unsafe {
                let frame = self.frames.add(1 + depth);
                let words = &(*frame).code().data.words;
                debug_assert!(word < words.len());
                (*frame).pc = words.as_ptr().add(word + 1);
            }
        }
    }

    /// Pushes a frame; the caller has checked the depth against [`MAX_FRAMES`].
    pub fn push(&mut self, f: Frame) {
        debug_assert!(self.depth() < MAX_FRAMES);
        // SAFETY: there is room, by the caller's check.
        unsafe {
            self.top = self.top.add(1);
            self.top.write(f);
        }
    }

    /// Pushes the frame of a plain call on top of `below`, the top frame, field by field: a frame that is built
    /// elsewhere and copied stalls on its own stores.
    ///
    /// # Safety
    /// As for [`Stack::push`].
    #[inline(always)]
    pub unsafe fn push_call(
        &mut self,
        below: *mut Frame,
        function: Ref<Function>,
        code: *const Gc<Code>,
        regs: *mut u64,
        pc: *const Cell<u64>,
        dst: u16,
    ) -> *mut Frame {
        debug_assert!(std::ptr::eq(below, self.top));
        // SAFETY: there is room, by the caller's check; the fields are written without dropping what was there.
        unsafe {
            let f = below.add(1);
            (&raw mut (*f).function).write(function);
            (&raw mut (*f).code).write(code);
            (&raw mut (*f).regs).write(regs);
            (&raw mut (*f).pc).write(pc);
            (&raw mut (*f).locals).write(None);
            (&raw mut (*f).generator).write(None);
            (&raw mut (*f).dst).write(dst);
            (&raw mut (*f).flags).write(0);
            (&raw mut (*f).then).write(Then::Result);
            self.top = f;
            f
        }
    }

    pub fn pop(&mut self) -> Option<Frame> {
        if self.top == self.frames {
            return None;
        }
        // SAFETY: the frame was live and is not any more.
        unsafe {
            let frame = self.top.read();
            self.top = self.top.sub(1);
            Some(frame)
        }
    }

    /// Pops the frame of a function or generator, `top`, and returns what it owned, read field by field: a frame that is
    /// copied soon after it was written stalls on its own stores.
    ///
    /// # Safety
    /// `top` is the top frame and has no namespace.
    #[inline(always)]
    pub unsafe fn pop_parts(&mut self, top: *mut Frame) -> (Ref<Function>, Option<Ref<Generator>>) {
        debug_assert!(std::ptr::eq(top, self.top));
        // SAFETY: by the caller.
        unsafe {
            (*top).debug_assert_left();
            debug_assert!((*top).locals.is_none());
            self.top = top.sub(1);
            ((&raw const (*top).function).read(), (&raw const (*top).generator).read())
        }
    }

    /// Pops the frame of a plain call, `top`, and returns the word of its function, which the caller must release, and
    /// the frame below.
    ///
    /// # Safety
    /// `top` is the top frame and has neither a namespace nor a generator, as a frame without flags.
    #[inline(always)]
    pub unsafe fn pop_call(&mut self, top: *mut Frame) -> (u64, *mut Frame) {
        debug_assert!(std::ptr::eq(top, self.top));
        // SAFETY: by the caller.
        unsafe {
            (*top).debug_assert_left();
            self.top = top.sub(1);
            ((&raw const (*top).function).read().into_value().into_bits(), top.sub(1))
        }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: allocated by `new` with this layout.  No frame is left: every run pops what it pushed.
        unsafe {
            std::alloc::dealloc(self.words.cast(), Stack::layout());
            std::alloc::dealloc(self.frames.cast(), Stack::frames_layout());
        }
    }
}
