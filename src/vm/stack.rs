//! The register stack and the frames on it.
//!
//! A frame's registers lie on one stack; a callee's begin at its arguments in the caller's temporaries, so a call
//! copies nothing.  Invariant: every word above the registers of the top frame is empty or an immediate, so writing a
//! register may always drop what was there.

use std::cell::Cell;

use crate::object::dict::Dict;
use crate::object::function::{Code, Function};
use crate::object::generator::Generator;
use crate::object::header::{Gc, Ref};
use crate::object::value::Value;

/// Words of the register stack.  Only those that are used cost memory.
const STACK_WORDS: usize = 8 << 20;
/// The most frames, whatever the recursion limit says.
pub const MAX_FRAMES: usize = 200_000;

/// Frame flags.
pub mod frame_flags {
    /// `run` returns when this frame does.
    pub const ENTRY: u8 = 1;
    /// The frame belongs to a generator.
    pub const GENERATOR: u8 = 2;
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
    /// The namespace of a module or class body.
    pub locals: Option<Ref<Dict>>,
    pub generator: Option<Ref<Generator>>,
    /// The caller's register for the result.
    pub dst: u16,
    pub flags: u8,
}

impl Frame {
    #[inline(always)]
    pub fn code(&self) -> &Code {
        // SAFETY: the function, or the VM's list of replaced codes, keeps it alive while the frame lives.
        unsafe { &(*self.code).data }
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
    frames: Vec<Frame>,
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
        Stack { words, end, frames: Vec::with_capacity(MAX_FRAMES) }
    }

    fn layout() -> std::alloc::Layout {
        std::alloc::Layout::array::<u64>(STACK_WORDS).expect("the size is a constant")
    }

    /// Where the registers of a frame on top of all others begin.
    #[inline]
    pub fn top(&self) -> *mut u64 {
        match self.frames.last() {
            // SAFETY: a frame's registers lie inside of the stack.
            Some(f) => unsafe { f.regs.add(f.code().data.register_count as usize) },
            None => self.words,
        }
    }

    /// Whether `count` registers from `base` fit.
    #[inline(always)]
    pub fn fits(&self, base: *mut u64, count: usize) -> bool {
        (self.end as usize).saturating_sub(base as usize) >= count * 8
    }

    #[inline(always)]
    pub fn depth(&self) -> usize {
        self.frames.len()
    }

    /// The top frame.
    #[inline(always)]
    pub fn frame(&self) -> Option<&Frame> {
        self.frames.last()
    }

    /// The top frame's address; null if there is none.
    #[inline(always)]
    pub fn frame_ptr(&mut self) -> *mut Frame {
        match self.frames.len() {
            0 => std::ptr::null_mut(),
            // SAFETY: the index is in bounds.
            n => unsafe { self.frames.as_mut_ptr().add(n - 1) },
        }
    }

    /// All frames, outermost first.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// Pushes a frame; the caller has checked the depth against [`MAX_FRAMES`].
    #[inline(always)]
    pub fn push(&mut self, f: Frame) {
        debug_assert!(self.frames.len() < MAX_FRAMES);
        self.frames.push(f);
    }

    #[inline(always)]
    pub fn pop(&mut self) -> Option<Frame> {
        self.frames.pop()
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: allocated by `new` with this layout.  No frame is left: every run pops what it pushed.
        unsafe { std::alloc::dealloc(self.words.cast(), Stack::layout()) }
    }
}
