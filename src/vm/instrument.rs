//! The one adapter between bytecode and the monitor, and the only writer of opcodes in live code.
//!
//! A code object is registered with the monitor when it is first entered while some tool has events.  Arming a location
//! replaces the opcode by INSTRUMENTED or one of its forms, or that of a branch by its armed form where only sides are armed;
//! the original stays in [`Sites`].  Disarming puts it back, so that code that nobody watches is what the compiler made.

mod calls;
mod events;
mod fire;

use std::cell::Cell;
use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

pub(super) use events::Instrumented;

use super::stack::Frame;
use crate::code::disassemble::jump_target;
use crate::code::{CodeData, OFFSET_PER_WORD, Op, OwnEvent, Word, side};
use crate::monitor::{Arming, Code as Registered, CodeSpec, EventSet, Location, Monitor, armed};
use crate::object::function::Code;
use crate::object::header::Gc;
use crate::object::heap::breaker;
use crate::vm::Vm;

/// What a registered code object keeps.
pub(super) struct Sites {
    pub code: Arc<Registered>,
    /// By word.
    at: Box<[Site]>,
}

struct Site {
    /// The opcode as the compiler wrote it; of a cache's word, some byte.
    original: u8,
    /// The armed byte.
    armed: Cell<u8>,
}

impl Site {
    fn of(word: Word) -> Site {
        Site { original: word.opcode(), armed: Cell::new(0) }
    }

    /// The opcode as the compiler wrote it.
    ///
    /// # Safety
    /// The word is an instruction's.
    #[inline(always)]
    unsafe fn op(&self) -> Op {
        // SAFETY: the compiler writes opcodes of the table.
        unsafe { std::mem::transmute::<u8, Op>(self.original) }
    }
}

/// The opcode that fires what is armed at a word.  `watches_line` says whether it fires the LINE event of another location,
/// too.
fn instrumented_form(word: Word, byte: u8, watches_line: bool) -> Op {
    const JUMP: u8 = armed::EVENT | armed::JUMP;
    match (byte, word.op().own_event()) {
        _ if watches_line => Op::INSTRUMENTED,
        (armed::LINE, _) => Op::INSTRUMENTED_LINE,
        (armed::INSTRUCTION, _) => Op::INSTRUMENTED_INSTRUCTION,
        (armed::EVENT, OwnEvent::Resume) if word.x() == 0 => Op::INSTRUMENTED_START,
        (armed::EVENT, OwnEvent::Return) => Op::INSTRUMENTED_RETURN,
        (JUMP, OwnEvent::Jump) => Op::INSTRUMENTED_JUMP,
        (armed::EVENT | CALL, OwnEvent::Call) if word.op() == Op::CALL => Op::INSTRUMENTED_CALL,
        _ => Op::INSTRUMENTED,
    }
}

/// What the monitor has told of changes, on whatever thread they were made.
pub(super) struct MonitorChanges {
    /// Counts them.  Each entry of code compares it with what the code is armed for ([`Code::entry_version`]): the monitor's
    /// version would not do, which the local sets of a code object leave as it is.
    pub(super) count: AtomicU64,
    /// Whether code that is running has not followed yet.
    due: AtomicBool,
}

impl MonitorChanges {
    /// Of a monitor whose hook is free; a change is also asked for at `breaker`.
    pub(super) fn of(monitor: &Monitor, breaker: &Arc<AtomicU32>) -> Arc<MonitorChanges> {
        let changes = Arc::new(MonitorChanges { count: AtomicU64::new(1), due: AtomicBool::new(false) });
        let (told, breaker) = (changes.clone(), breaker.clone());
        monitor.set_changed_hook(Some(Box::new(move |_| {
            told.count.fetch_add(1, Ordering::Release);
            told.due.store(true, Ordering::Relaxed);
            // Behind `due`, so that who finds the request finds that as well.
            breaker.fetch_or(breaker::MONITOR, Ordering::Release);
        })));
        changes
    }

    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    pub(super) fn are_due(&self) -> bool {
        self.due.load(Ordering::Relaxed)
    }
}

/// The byte of a location where CALL and what follows it are armed.
const CALL: u8 = armed::EVENT | armed::ANCILLARY;

/// Whether an instruction may stand for a line whose location is elsewhere; no other does.
fn carries_line(op: Op) -> bool {
    matches!(op, Op::NOP | Op::JUMP_SILENT)
}

/// The bits of an armed byte that say which of several own events are armed.
const SIDES: u8 = armed::LEFT | armed::RIGHT | armed::JUMP;

/// The sides of a branch ([`side`]) that an armed byte arms.  The jump of a loop's end belongs to the side that is taken.
fn armed_sides(op: Op, byte: u8) -> u8 {
    let is_loop = op.own_event() == OwnEvent::Loop;
    let (taken, not_taken) =
        if is_loop { (armed::LEFT | armed::JUMP, armed::RIGHT) } else { (armed::RIGHT, armed::LEFT) };
    let bit = |events, bit| if byte & events != 0 { bit } else { 0 };
    bit(taken, side::TAKEN) | bit(not_taken, side::NOT_TAKEN)
}

/// The sites of a code object, if it is registered.
#[inline(always)]
fn sites(code: &Code) -> Option<&Sites> {
    // SAFETY: null, or the sites in the box beside it, which stay while the code is in a live frame (see `Vm::drop_sites`).
    unsafe { code.sites.get().cast::<Sites>().as_ref() }
}

fn keep_sites(code: &Gc<Code>, sites: Sites) {
    let sites = Box::new(sites);
    code.data.sites.set((&raw const *sites).cast());
    code.data.instrument.set(Some(sites));
}

/// The opcode that the compiler wrote at a word of a code object.
pub fn original_op(code: &Code, word: usize) -> Option<Op> {
    let s = sites(code)?;
    Op::ALL.get(s.at.get(word)?.original as usize).copied()
}

/// Called by the monitor: the armed byte of a location changed.
unsafe extern "C" fn patch(host: *mut c_void, location: u32, byte: u8) {
    // SAFETY: the host pointer is that of the code object, which outlives its registration.
    let code = unsafe { &*(host as *const Gc<Code>) };
    let Some(s) = sites(&code.data) else { return };
    let i = location as usize;
    s.at[i].armed.set(byte);
    let data = &code.data.data;
    s.write(data, i);
    for alias in data.line_aliases.iter().filter(|a| a.location == location) {
        s.write(data, alias.word as usize);
    }
    code.data.renew_entry();
}

impl Sites {
    /// Writes the opcode that fires the events of word `i`.
    fn write(&self, data: &CodeData, i: usize) {
        let original = Op::ALL[self.at[i].original as usize];
        if original.armed_form().is_none()
            && data.line_aliases.is_empty()
            && original != Op::EDGE_LINE
            && !self.is_edge(i + 1)
        {
            // What most words are: no branch, and with no line but their own.
            let (word, armed) = (data.word(i).as_compiled(Some(original)), self.at[i].armed.get());
            let form = if armed == 0 { original } else { instrumented_form(word, armed, false) };
            data.words[i].set(word.with_op(form).0);
            return;
        }
        // The LINE event behind an unconditional jump is fired by the jump.
        let at = if self.is_edge(i) { i - 1 } else { i };
        let edge = self.is_edge(at + 1) && self.line_armed(data, at + 1);
        let (armed, original) = (self.at[at].armed.get(), Op::ALL[self.at[at].original as usize]);
        let alias = armed & armed::LINE == 0 && self.line_armed(data, at);
        let is_watched = armed & !SIDES & !armed::EVENT != 0 || alias || edge;
        let word = data.word(at).as_compiled(Some(original));
        let form = instrumented_form(word, armed, alias || edge);
        data.words[at].set(match original.armed_form() {
            Some(armed_form) => {
                let sides = word.0 | u64::from(armed_sides(original, armed)) << 8;
                match (is_watched, armed) {
                    (true, _) => Word(sides).with_op(form).0,
                    (false, 0) => word.0,
                    _ => Word(sides).with_op(armed_form).0,
                }
            }
            None if is_watched || armed != 0 => word.with_op(form).0,
            None => word.0,
        });
    }

    fn is_edge(&self, i: usize) -> bool {
        self.at.get(i).is_some_and(|site| site.original == Op::EDGE_LINE as u8)
    }

    /// The location of the LINE event that is armed at word `i`, whose opcode was `op`.
    #[inline(always)]
    fn line_at(&self, data: &CodeData, i: usize, op: Op) -> Option<usize> {
        if self.at[i].armed.get() & armed::LINE != 0 {
            return Some(i);
        }
        (carries_line(op) && self.line_armed(data, i)).then(|| data.line_location(i))
    }

    fn line_armed(&self, data: &CodeData, i: usize) -> bool {
        self.at[data.line_location(i)].armed.get() & armed::LINE != 0
    }
}

/// The table of locations of a code object: one per word, so that a location is a word's index.
fn locations(data: &CodeData) -> Vec<Location> {
    let mut table: Vec<Location> = (0..data.words.len() as u32)
        .zip(data.positions.iter())
        .map(|(i, at)| Location::new(i * OFFSET_PER_WORD, at.line, EventSet::NO_EVENTS))
        .collect();
    for (i, w) in data.instructions(&|_| None) {
        let op = w.op();
        let l = &mut table[i];
        if data.line_starts[i] && data.line_location(i) == i {
            l.events |= EventSet::LINE;
        }
        if !matches!(
            op,
            Op::RESUME | Op::EXT | Op::EDGE_LINE | Op::RETURN_GENERATOR | Op::MAKE_CELL | Op::COPY_FREE_VARS
        ) {
            l.events |= EventSet::INSTRUCTION;
        }
        let next = (i + 1 + op.extra_words()) as u32;
        // Only of jumps: behind other instructions may stand a cache, whose opcode is none.
        let target = || match jump_target(i, w) {
            Some(t) => t as u32,
            None => jump_target(i + 1, data.word(i + 1)).unwrap_or(0) as u32,
        };
        match op.own_event() {
            // What branches arrive at where nothing is done: a tool that follows them goes on here.
            OwnEvent::None if matches!(op, Op::NOP | Op::CLEAR | Op::POP_EXCEPT) => l.jump = next,
            OwnEvent::None => {}
            OwnEvent::Resume if w.x() == 0 => l.events |= EventSet::PY_START,
            OwnEvent::Resume => l.events |= EventSet::PY_RESUME,
            OwnEvent::Return => l.events |= EventSet::PY_RETURN,
            OwnEvent::Yield => l.events |= EventSet::PY_YIELD,
            OwnEvent::Call => l.events |= EventSet::CALL,
            OwnEvent::Send => l.events |= EventSet::STOP_ITERATION,
            OwnEvent::Jump => {
                l.events |= EventSet::JUMP;
                l.jump = target();
            }
            OwnEvent::Branch => {
                l.events |= EventSet::BRANCHES;
                // An item that goes straight into a local is stored by this very instruction.
                let stores = op == Op::FOR_ITER && w.b() < data.first_temp && w.c() != 0;
                (l.left, l.right) = (if stores { i as u32 } else { next }, target());
            }
            OwnEvent::Loop => {
                l.events |= EventSet::BRANCHES | EventSet::JUMP;
                // To the body by way of CPython's jump, which has no word of its own.
                (l.left, l.right, l.jump) = (i as u32, next, target());
            }
        }
    }
    table
}

/// The branches of a code object: the offsets of the instruction and of where its two sides lead (`co_branches`).
pub fn branches(data: &CodeData) -> Vec<[u32; 3]> {
    let table = locations(data);
    let offset = |i: u32| i * OFFSET_PER_WORD;
    let branches = table.iter().filter(|l| l.events.contains(EventSet::BRANCHES));
    branches.map(|l| [l.offset, offset(l.left), offset(l.right)]).collect()
}

impl Vm {
    /// Registers a code object with the monitor, if it is not yet.
    pub fn register_code(&self, code: &Gc<Code>) -> Option<Arc<Registered>> {
        if let Some(s) = sites(&code.data) {
            return Some(s.code.clone());
        }
        let data = &code.data.data;
        let spec = CodeSpec {
            name: data.name.clone(),
            qualified_name: data.qualname.clone(),
            file: data.file.clone(),
            first_line: data.first_line,
            locations: locations(data),
            host: code as *const Gc<Code> as *mut c_void,
            arming: Arming::Patch(patch),
        };
        let registered = self.monitor.register_code(spec).ok()?;
        let at = data.words.iter().map(|w| Site::of(Word(w.get()))).collect();
        keep_sites(code, Sites { code: registered.clone(), at });
        Some(registered)
    }

    /// Brings the arming of the top frame's code up to date; true if that may have changed its opcodes.
    pub(super) fn renew_frame(&mut self) -> bool {
        let Some(code) = self.stack.frame().map(|f| f.code) else { return false };
        // SAFETY: the code of a live frame.
        let code = unsafe { &*code };
        let done = self.renew_code(code);
        if done && !self.monitor.has_tools() {
            self.drop_sites(code);
        }
        done
    }

    /// Gives back what is kept for code that has just been entered, where no tool is in use, so that nothing of it is armed.
    /// Unless it runs in another frame, too, whose events may be firing; or somebody holds its registration.
    #[cold]
    #[inline(never)]
    fn drop_sites(&mut self, code: &Gc<Code>) {
        let is_here = |frame: &&Frame| std::ptr::eq(frame.code, code);
        if self.stack.frames().iter().filter(is_here).nth(1).is_some() {
            return;
        }
        let Some(sites) = code.data.instrument.take().and_then(|sites| sites.downcast::<Sites>().ok()) else { return };
        let Sites { code: registered, at } = *sites;
        match Arc::try_unwrap(registered) {
            Ok(registered) => {
                code.data.sites.set(std::ptr::null());
                // May end the handle of the code, and run what the host has attached to it.
                drop(registered);
            }
            Err(registered) => keep_sites(code, Sites { code: registered, at }),
        }
    }

    fn renew_code(&self, code: &Gc<Code>) -> bool {
        let version = self.monitor_changes.count();
        let registered = sites(&code.data).is_some();
        if !registered && self.monitor.global_events().is_empty() {
            code.data.set_armed_version(version);
            return false;
        }
        let Some(r) = self.register_code(code) else { return false };
        let done = self.monitor.renew(&r).is_ok();
        code.data.set_armed_version(version);
        done
    }

    /// What is monitored has changed: every running code follows at once.
    pub(super) fn renew_live_frames(&mut self) {
        self.monitor_changes.due.store(false, Ordering::Relaxed);
        let codes: Vec<*const Gc<Code>> = self.stack.frames().iter().map(|f: &Frame| f.code).collect();
        for code in codes {
            // SAFETY: the codes of live frames.
            self.renew_code(unsafe { &*code });
        }
    }

    /// Serves what the monitor has asked for at a poll.  While a callback runs the request stays, for what is behind it.
    #[cold]
    pub(super) fn serve_monitor(&mut self) {
        if !self.thread.in_callback() {
            // First, so that nothing is lost that another thread changes meanwhile.
            self.clear_request(breaker::MONITOR);
            let (monitor, thread) = self.monitor_and_thread();
            // SAFETY: as in `at_monitor`.
            self.lend(|| unsafe { (*monitor).drop_unused(&*thread) });
        }
        if self.monitor_changes.are_due() {
            self.renew_live_frames();
        }
    }
}
