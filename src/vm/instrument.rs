//! The one adapter between bytecode and the monitor, and the only writer of opcodes in live code.
//!
//! A code object is registered with the monitor when it is first entered while some tool has events.  Arming a location
//! replaces the opcode by INSTRUMENTED or one of its forms, or that of a branch by its armed form where only sides are armed;
//! the original stays in [`Sites`].  Disarming puts it back, so that code that nobody watches is what the compiler made.

use std::cell::Cell;
use std::ffi::c_void;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use super::python_callback::PythonCallback;
use super::run::Flow;
use super::stack::Frame;
use crate::code::disassemble::jump_target;
use crate::code::{CodeData, OFFSET_PER_WORD, Op, OwnEvent, Word, side};
use crate::monitor::{
    Action, Armed, Arming, Call, Code as Registered, CodeSpec, Event, EventSet, FireError, Location, Monitor, Payload,
    ThreadState, ToolSet, armed,
};
use crate::object::exception::Exception;
use crate::object::function::{BoundMethod, Code, Function, Native};
use crate::object::header::{Gc, Kind};
use crate::object::heap::breaker;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::{Args, Exc, R, Vm};

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

/// What the loop does after an instrumented instruction's events.  One byte, so that it comes back in a register.
pub(super) enum Instrumented {
    /// Run the original instruction.
    Run(Op),
    /// It has been done; go on where the frame says.
    Done,
    /// What has become of it, [`Vm::take_outcome`] says: an error, or a yield that has been done.
    Outcome,
}

/// A word that is in no code, and stands for the one that the top frame has left for its callback: what is run instead of it
/// lies in [`Vm::going_on`], from where the loop's handler takes it at once.  As an answer of the handler of RETURN it would cost
/// the loop a second way into its dispatch.
pub(super) static GO_ON: u64 = Word::new(Op::INSTRUMENTED_GO_ON, 0, 0, 0, 0).0;

/// The handler of an instrumented opcode.
type Handler = fn(&mut Vm, Word) -> Instrumented;

/// They by opcode.
static HANDLERS: [Handler; Op::INSTRUMENTED_GO_ON as usize + 1] = {
    let mut handlers: [Handler; _] = [Vm::instrumented_any; _];
    handlers[Op::INSTRUMENTED_LINE as usize] = Vm::instrumented_line;
    handlers[Op::INSTRUMENTED_INSTRUCTION as usize] = Vm::instrumented_instruction;
    handlers[Op::INSTRUMENTED_START as usize] = Vm::instrumented_start;
    handlers[Op::INSTRUMENTED_RETURN as usize] = Vm::instrumented_return;
    handlers[Op::INSTRUMENTED_JUMP as usize] = Vm::instrumented_jump;
    handlers[Op::INSTRUMENTED_CALL as usize] = Vm::instrumented_call;
    handlers[Op::INSTRUMENTED_GO_ON as usize] = Vm::instrumented_go_on;
    handlers
};

/// What has become of an event.
#[derive(Clone, Copy, PartialEq)]
enum Fired {
    /// Its callbacks have been called.
    Done,
    /// The frame of its callback is on top: the loop goes on there.
    Entered,
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

    // ---- firing

    fn fire_error(&mut self, e: FireError) -> Exc {
        self.jumped = std::ptr::null();
        match e {
            FireError::Callback { .. } => match self.callback_error.take() {
                Some(v) => Exc(v),
                None => self.runtime_error(e.to_string()),
            },
            _ => self.value_error(e.to_string()),
        }
    }

    /// After callbacks: applies what they changed.
    fn after_callbacks<T>(&mut self, result: Result<T, FireError>) -> R<T> {
        if self.monitor_changes.are_due() {
            self.renew_live_frames();
        }
        result.map_err(|e| self.fire_error(e))
    }

    /// Fires, with this VM lent to the callbacks.
    fn fire<T>(&mut self, fire: impl FnOnce(&Monitor, &ThreadState) -> Result<T, FireError>) -> R<T> {
        let thread = Rc::as_ptr(&self.thread);
        // SAFETY: as in `at_monitor`.
        let result = self.at_monitor(|monitor| fire(monitor, unsafe { &*thread }));
        self.after_callbacks(result)
    }

    /// Fires a local event at word `i`, of which a bit of the word's armed byte has just said that it is armed: the short
    /// way, if it can go it.  Inlined, so that the event is a constant of each of its callers.
    #[inline(always)]
    fn fire_at(&mut self, s: &Sites, i: usize, event: Event, payload: &Payload) -> R<()> {
        self.fire_among(s, i, event, payload, ToolSet::ALL)
    }

    #[inline(always)]
    fn fire_among(&mut self, s: &Sites, i: usize, event: Event, payload: &Payload, among: ToolSet) -> R<()> {
        match self.begin_armed(s, i, event, payload, among) {
            Armed::Call(call) => {
                let action = self.lend(|| call.run());
                self.finish_call(event, action)
            }
            Armed::Quiet => Ok(()),
            Armed::Long => self.fire_long(s, i, event, payload, among),
        }
    }

    /// Fires an event that is the last one of its instruction, or armed alone there, and says how the loop goes on: mostly with
    /// `op`, the instruction itself.
    #[inline(always)]
    fn fire_alone(&mut self, s: &Sites, i: usize, event: Event, payload: &Payload, op: Op) -> Instrumented {
        match self.begin_armed(s, i, event, payload, ToolSet::ALL) {
            Armed::Call(call) if call.is_host() => {
                let action = self.lend(|| call.run());
                if action == Action::CONTINUE && !self.is_change_due() {
                    self.end_armed(event);
                    return Instrumented::Run(op);
                }
                self.finish_alone(event, action)
            }
            Armed::Quiet => Instrumented::Run(op),
            Armed::Call(call) => self.enter_alone(call, event),
            Armed::Long => self.fire_alone_long(s, i, event, payload),
        }
    }

    #[cold]
    #[inline(never)]
    fn finish_alone(&mut self, event: Event, action: Action) -> Instrumented {
        let fired = self.finish_call(event, action);
        self.after_alone(fired, event)
    }

    #[cold]
    #[inline(never)]
    fn fire_alone_long(&mut self, s: &Sites, i: usize, event: Event, payload: &Payload) -> Instrumented {
        let fired = self.fire_long(s, i, event, payload, ToolSet::ALL);
        self.after_alone(fired, event)
    }

    #[inline(never)]
    fn enter_alone(&mut self, mut call: Call<'_>, event: Event) -> Instrumented {
        if self.enter_call(&mut call, event) {
            return Instrumented::Done;
        }
        let action = self.lend(|| call.run());
        self.finish_alone(event, action)
    }

    /// Enters a callback in Python, if it can become a frame.
    #[inline(always)]
    fn enter_call(&mut self, call: &mut Call<'_>, event: Event) -> bool {
        let (func, user) = call.target();
        // SAFETY: the callback's own; it lives while it runs.
        match unsafe { PythonCallback::of(func, user) } {
            Some(callback) => self.enter_callback(callback, call, event),
            None => false,
        }
    }

    /// [`fire_at`](Vm::fire_at) where a callback in Python may become a frame of the running loop.
    #[inline(always)]
    fn fire_or_enter(&mut self, s: &Sites, i: usize, event: Event, payload: &Payload) -> R<Fired> {
        match self.begin_armed(s, i, event, payload, ToolSet::ALL) {
            Armed::Call(call) if call.is_host() => {
                let action = self.lend(|| call.run());
                self.finish_call(event, action)?;
            }
            Armed::Quiet => {}
            Armed::Call(call) => return self.enter_or_call(call, event),
            Armed::Long => self.fire_long(s, i, event, payload, ToolSet::ALL)?,
        }
        Ok(Fired::Done)
    }

    #[inline(never)]
    fn enter_or_call(&mut self, mut call: Call<'_>, event: Event) -> R<Fired> {
        if self.enter_call(&mut call, event) {
            return Ok(Fired::Entered);
        }
        let action = self.lend(|| call.run());
        self.finish_call(event, action).map(|()| Fired::Done)
    }

    #[inline(always)]
    fn begin_armed<'a>(&self, s: &'a Sites, i: usize, event: Event, payload: &'a Payload, among: ToolSet) -> Armed<'a> {
        let (monitor, thread) = self.monitor_and_thread();
        // SAFETY: as in `at_monitor`, for both; the VM's code and thread are of its monitor, a word is a location, who fires
        // an exception event gives the exception, and an instruction's own events have bits of their own.
        unsafe { (*monitor).begin_armed(&*thread, &s.code, i as u32, event, payload, among) }
    }

    /// The second half of what [`begin_armed`](Vm::begin_armed) began, behind its callback.
    #[inline(always)]
    pub(super) fn finish_call(&mut self, event: Event, action: Action) -> R<()> {
        if action != Action::CONTINUE {
            return self.obey(event, action);
        }
        self.end_armed(event);
        if self.is_change_due() { self.after_callback() } else { Ok(()) }
    }

    /// Looks up anew what it needs, so that nothing but the VM is kept while a callback runs.
    #[inline(always)]
    pub(super) fn end_armed(&mut self, event: Event) {
        let (monitor, thread) = self.monitor_and_thread();
        // SAFETY: as in `begin_armed`; the call has been run.
        unsafe { (*monitor).end_armed(&*thread, event) }
    }

    /// Whether something has become due that is done behind a callback: what is monitored has changed, or a callback has set
    /// the line of what it watches.  While a callback runs no poll clears the request.
    #[inline(always)]
    pub(super) fn is_change_due(&self) -> bool {
        // SAFETY: the breaker lives as long as the heap.
        unsafe { (*self.breaker).load(Ordering::Relaxed) & breaker::MONITOR != 0 }
    }

    /// Neither lies in the VM, and both live as long as it.
    #[inline(always)]
    fn monitor_and_thread(&self) -> (*const Monitor, *const ThreadState) {
        (Arc::as_ptr(&self.monitor), Rc::as_ptr(&self.thread))
    }

    /// Does what a callback asks for that has been called the short way.
    #[cold]
    #[inline(never)]
    fn obey(&mut self, event: Event, action: Action) -> R<()> {
        let (monitor, thread) = self.monitor_and_thread();
        // SAFETY: as in `fire_among`; its callback has returned `action`.
        let done = self.lend(|| unsafe { (*monitor).end_obeying(&*thread, event, action) });
        self.after_callbacks(done)
    }

    /// What a callback that was called the short way has left to be done.
    #[cold]
    #[inline(never)]
    fn after_callback(&mut self) -> R<()> {
        // Before what was due is looked at: what another thread changes from here on is served by the next poll.
        self.clear_request(breaker::MONITOR);
        let (monitor, thread) = self.monitor_and_thread();
        // SAFETY: as in `at_monitor`.
        self.lend(|| unsafe { (*monitor).drop_unused(&*thread) });
        self.after_callbacks(Ok(()))
    }

    /// What [`Monitor::begin_armed`] leaves to be done at length.
    #[cold]
    #[inline(never)]
    fn fire_long(&mut self, s: &Sites, i: usize, event: Event, payload: &Payload, among: ToolSet) -> R<()> {
        let (monitor, thread) = self.monitor_and_thread();
        // SAFETY: as in `fire_among`.
        let result = match unsafe { (*monitor).begin(&*thread, &s.code, i as u32, event, payload, among) } {
            Some(firing) => self.lend(|| firing.call()),
            None => Ok(()),
        };
        // SAFETY: as above.
        self.lend(|| unsafe { (*monitor).drop_unused(&*thread) });
        self.after_callbacks(result)
    }

    /// Fires an exception event of the top frame; a callback's error takes the exception's place.
    pub(super) fn fire_exception(&mut self, event: Event, index: usize, e: &mut Exc) {
        if !self.monitor.wants(event) || self.thread.in_callback() {
            return;
        }
        let Some(code) = self.stack.frame().map(|f| f.code) else { return };
        // SAFETY: the code of a live frame.
        let Some(r) = self.register_code(unsafe { &*code }) else { return };
        let payload = Payload::value(&raw const e.0 as *const c_void);
        let fired = self.fire(|monitor, thread| monitor.fire_other(thread, &r, index as u32, event, &payload));
        if let Err(new) = fired {
            let old = std::mem::replace(e, new);
            self.give_context(e, &old);
        }
    }

    /// A callback's error takes the place of the exception that it was told of, and has it as context.
    fn give_context(&mut self, new: &Exc, old: &Exc) {
        if new.0.downcast::<Exception>().is_some_and(|x| x.context.borrow().is_none()) {
            self.set_context(new, &old.0);
        }
    }

    /// Fires a RAISE that no handler follows: a StopIteration that ends a loop.
    pub(super) fn fire_swallowed_raise(&mut self, e: &Exc) -> R<()> {
        let Some(index) = self.stack.frame().map(Frame::index) else { return Ok(()) };
        let mut seen = Exc(e.0.clone());
        self.fire_exception(Event::Raise, index, &mut seen);
        if seen.0.is(&e.0) { Ok(()) } else { Err(seen) }
    }

    /// Fires STOP_ITERATION for the SEND at which the top frame stands.
    pub(super) fn fire_stop_iteration(&mut self, value: &Value) -> R<()> {
        let Some(frame) = self.stack.frame() else { return Ok(()) };
        let (i, code) = (frame.index(), frame.code);
        // SAFETY: the code of a live frame.
        let Some(s) = sites(unsafe { &(*code).data }) else { return Ok(()) };
        if s.at[i].armed.get() & armed::EVENT == 0 {
            return Ok(());
        }
        // CPython sets the event's exception as `raise StopIteration, value` once did: a tuple is its arguments.
        let e = match value.downcast::<Tuple>().filter(|t| t.ty().is(&self.types().tuple)) {
            Some(arguments) => {
                let class = self.types().StopIteration.to_value();
                Exc(self.call(&class, &arguments.to_vec())?)
            }
            None => self.stop_iteration(value.clone()),
        };
        self.fire_at(s, i, Event::StopIteration, &Payload::value(&raw const e.0 as *const c_void))
    }

    /// What an instruction has come to that was answered by [`Instrumented::Outcome`].
    pub(super) fn take_outcome(&mut self) -> R<Flow> {
        std::mem::replace(&mut self.outcome, Ok(Flow::Reload))
    }

    #[cold]
    #[inline(never)]
    fn outcome(&mut self, outcome: R<Flow>) -> Instrumented {
        self.outcome = outcome;
        Instrumented::Outcome
    }

    /// After an event that was the last one of its instruction, or armed alone there: that runs, unless a callback failed, set
    /// the line or armed an event that is behind this one.
    fn after_alone(&mut self, fired: R<()>, event: Event) -> Instrumented {
        let next = match fired {
            Ok(()) if self.jumps() => Ok(Instrumented::Done),
            Ok(()) => self.fire_behind(event),
            Err(e) => Err(e),
        };
        match next {
            Ok(next) => next,
            Err(e) => self.outcome(Err(e)),
        }
    }

    /// Fires what is armed now behind an event of the instruction at which the top frame stands.
    fn fire_behind(&mut self, event: Event) -> R<Instrumented> {
        let (code, s, i, op) = self.site();
        let w = code.data.data.word(i);
        match event {
            Event::Line => self.fire_behind_line(w, code, s, i, op),
            Event::Instruction => self.fire_own(w, code, s, i, op),
            Event::Jump => self.fire_edge(code, s, i, op),
            _ => Ok(Instrumented::Run(op)),
        }
    }

    /// A callback that was a frame has returned: the instruction behind whose word the top frame stands goes on.  `is_calm` says
    /// that nothing has changed meanwhile.
    #[inline(always)]
    pub(super) fn go_on_behind(&mut self, event: Event, is_calm: bool) -> R<Flow> {
        let (code, _, i, op) = self.site();
        if is_calm && code.data.data.word(i).opcode() != Op::INSTRUMENTED as u8 {
            // It was armed alone.
            return Ok(self.go_on_with(op));
        }
        match self.fire_behind(event)? {
            Instrumented::Run(op) => Ok(self.go_on_with(op)),
            Instrumented::Done => Ok(Flow::Reload),
            Instrumented::Outcome => self.take_outcome(),
        }
    }

    /// Makes the loop run an opcode at the instruction at which the top frame stands.
    #[inline(always)]
    fn go_on_with(&mut self, op: Op) -> Flow {
        let frame = self.stack.frame_ptr();
        // SAFETY: the top frame.
        unsafe {
            self.going_on = ((*frame).pc, op);
            (*frame).pc = (&raw const GO_ON).cast();
        }
        Flow::Reload
    }

    /// The instrumented instruction behind whose word the top frame stands, with its original opcode.
    #[inline(always)]
    fn site<'a>(&mut self) -> (&'a Gc<Code>, &'a Sites, usize, Op) {
        // SAFETY: the loop runs an instruction of the top frame, whose code is alive while the frame is; it is
        // instrumented, so its code is registered; `pc` is behind a word of the code, for each of which there is a site, and
        // this is an instruction's.
        unsafe {
            let frame = self.stack.frame_ptr();
            let code = &*(*frame).code;
            let s = sites(&code.data).unwrap_unchecked();
            let i = (*frame).pc.offset_from(code.data.hot.words) as usize - 1;
            (code, s, i, s.at.get_unchecked(i).op())
        }
    }

    /// The events of an instrumented instruction.  `pc` of the frame is behind its opcode word.
    #[inline(always)]
    pub(super) fn instrumented(&mut self, w: Word) -> Instrumented {
        // SAFETY: the loop has just run this opcode, and those that are instrumented are the first ones.
        let handler = unsafe { HANDLERS.get_unchecked(w.opcode() as usize) };
        handler(self, w)
    }

    /// INSTRUMENTED_GO_ON, behind [`GO_ON`].
    #[inline(never)]
    fn instrumented_go_on(&mut self, _: Word) -> Instrumented {
        let (pc, op) = self.going_on;
        // SAFETY: the loop runs the top frame.
        unsafe { (*self.stack.frame_ptr()).pc = pc };
        Instrumented::Run(op)
    }

    /// INSTRUMENTED.
    #[inline(never)]
    fn instrumented_any(&mut self, w: Word) -> Instrumented {
        let (code, s, i, op) = self.site();
        self.instrumented_in_full(w, code, s, i, op)
    }

    /// INSTRUMENTED_LINE.
    #[inline(never)]
    fn instrumented_line(&mut self, w: Word) -> Instrumented {
        let (code, s, i, op) = self.site();
        if !self.skip_line.is_null() {
            return self.instrumented_in_full(w, code, s, i, op);
        }
        self.fire_alone(s, i, Event::Line, &Payload::NONE, op)
    }

    /// INSTRUMENTED_INSTRUCTION.
    #[inline(never)]
    fn instrumented_instruction(&mut self, _: Word) -> Instrumented {
        let (_, s, i, op) = self.site();
        self.fire_alone(s, i, Event::Instruction, &Payload::NONE, op)
    }

    /// INSTRUMENTED_START.
    #[inline(never)]
    fn instrumented_start(&mut self, w: Word) -> Instrumented {
        let (code, s, i, op) = self.site();
        if code.data.armed_version() != self.monitor_changes.count() {
            return self.instrumented_in_full(w, code, s, i, op);
        }
        self.fire_alone(s, i, Event::PyStart, &Payload::NONE, op)
    }

    /// INSTRUMENTED_RETURN.
    #[inline(never)]
    fn instrumented_return(&mut self, w: Word) -> Instrumented {
        let (_, s, i, op) = self.site();
        self.monitored_return(s, i, op, w)
    }

    /// INSTRUMENTED_JUMP.
    #[inline(never)]
    fn instrumented_jump(&mut self, _: Word) -> Instrumented {
        let (_, s, i, op) = self.site();
        self.fire_alone(s, i, Event::Jump, &Payload::NONE, op)
    }

    /// INSTRUMENTED_CALL.
    #[inline(never)]
    fn instrumented_call(&mut self, w: Word) -> Instrumented {
        let (_, s, i, _) = self.site();
        match self.monitored_call_registers(s, i, Op::CALL, w) {
            Ok(next) => next,
            Err(e) => self.outcome(Err(e)),
        }
    }

    #[inline(never)]
    fn instrumented_in_full(&mut self, w: Word, code: &Gc<Code>, s: &Sites, i: usize, op: Op) -> Instrumented {
        match self.fire_all(w, code, s, i, op) {
            Ok(next) => next,
            Err(e) => self.outcome(Err(e)),
        }
    }

    /// The same for every combination of events.
    #[inline(never)]
    fn fire_all(&mut self, w: Word, code: &Gc<Code>, s: &Sites, i: usize, op: Op) -> R<Instrumented> {
        let pc = self.stack.frame().map_or(std::ptr::null(), |f| f.pc);
        if op.own_event() == OwnEvent::Resume && code.data.armed_version() != self.monitor_changes.count() {
            if !self.monitor.has_tools() {
                // RESUME does it, and gives back what `s` is.
                return Ok(Instrumented::Run(op));
            }
            // The entry is armed as it was when the code ran last: renewed first, so that RESUME does not do it behind
            // the events and look at the entry again.
            self.renew_code(code);
        }
        // SAFETY: `pc` is behind the word.
        let here = unsafe { pc.sub(1) };
        let skip_line = std::mem::replace(&mut self.skip_line, std::ptr::null()) == here;
        if let Some(at) = s.line_at(&code.data.data, i, op)
            && !skip_line
            && (self.fire_or_enter(s, at, Event::Line, &Payload::NONE)? == Fired::Entered || self.jumps())
        {
            return Ok(Instrumented::Done);
        }
        self.fire_behind_line(w, code, s, i, op)
    }

    /// INSTRUCTION and the instruction's own events.
    fn fire_behind_line(&mut self, w: Word, code: &Gc<Code>, s: &Sites, i: usize, op: Op) -> R<Instrumented> {
        if s.at[i].armed.get() & armed::INSTRUCTION != 0
            && self.fire_or_enter(s, i, Event::Instruction, &Payload::NONE)? == Fired::Entered
        {
            return Ok(Instrumented::Done);
        }
        self.fire_own(w, code, s, i, op)
    }

    fn fire_own(&mut self, w: Word, code: &Gc<Code>, s: &Sites, i: usize, op: Op) -> R<Instrumented> {
        let armed = |bit| s.at[i].armed.get() & bit != 0;
        match op.own_event() {
            OwnEvent::Jump => {
                if armed(armed::EVENT)
                    && (self.fire_or_enter(s, i, Event::Jump, &Payload::NONE)? == Fired::Entered || self.jumps())
                {
                    return Ok(Instrumented::Done);
                }
                return self.fire_edge(code, s, i, op);
            }
            OwnEvent::Call if armed(CALL) => {
                return match op {
                    Op::LOAD_SUPER_ATTR => self.monitored_super(s, i, w).map(|()| Instrumented::Done),
                    _ => Ok(self.monitored_call(s, i, op, w)),
                };
            }
            // They fire when they have decided.
            OwnEvent::Branch | OwnEvent::Loop if armed(armed::EVENT) => {
                return Ok(Instrumented::Run(op.armed_form().unwrap_or(op)));
            }
            OwnEvent::Resume if armed(armed::EVENT) => {
                let event = if w.x() == 0 { Event::PyStart } else { Event::PyResume };
                if self.fire_or_enter(s, i, event, &Payload::NONE)? == Fired::Entered || self.jumps() {
                    return Ok(Instrumented::Done);
                }
            }
            OwnEvent::Return | OwnEvent::Yield if armed(armed::EVENT) => {
                return Ok(self.monitored_return(s, i, op, w));
            }
            // SEND fires when it knows that the iterator has returned.
            _ => {}
        }
        Ok(Instrumented::Run(op))
    }

    /// The LINE event behind an unconditional jump, if it is armed.
    fn fire_edge(&mut self, code: &Gc<Code>, s: &Sites, i: usize, op: Op) -> R<Instrumented> {
        let data = &code.data.data;
        if !s.is_edge(i + 1) || !s.line_armed(data, i + 1) {
            return Ok(Instrumented::Run(op));
        }
        let frame = self.stack.frame_ptr();
        // SAFETY: the frame is the top one; an error of the callback belongs to the place behind the jump.
        unsafe { (*frame).pc = (*frame).pc.add(1) };
        self.fire_at(s, data.line_location(i + 1), Event::Line, &Payload::NONE)?;
        if self.jumps() {
            return Ok(Instrumented::Done);
        }
        // SAFETY: it is the top one again behind the callback.
        unsafe { (*frame).pc = (*frame).pc.sub(1) };
        Ok(Instrumented::Run(op))
    }

    /// RETURN, RETURN_CONST and YIELD.
    #[inline(never)]
    fn monitored_return(&mut self, s: &Sites, i: usize, op: Op, w: Word) -> Instrumented {
        // Counted once more: a callback may give a local another value.
        let v = match op {
            Op::RETURN_CONST => self.stack.frame().map_or(Value::NONE, |f| f.code().consts[w.bc() as usize].clone()),
            Op::RETURN => self.peek(w.a()),
            _ => self.peek(w.b()),
        };
        let payload = Payload::value(&raw const v as *const c_void);
        if op != Op::YIELD {
            return self.fire_alone(s, i, Event::PyReturn, &payload, op);
        }
        match self.fire_at(s, i, Event::PyYield, &payload) {
            Ok(()) if self.jumps() => {
                let yielded = self.yield_and_jump(w, v);
                self.outcome(yielded)
            }
            Ok(()) => Instrumented::Run(op),
            Err(e) => self.outcome(Err(e)),
        }
    }

    /// Fires BRANCH_LEFT of the branch behind whose word the top frame stands: the loop calls it between the decision and
    /// the jump, where the word's `x` says that the side is armed.
    #[inline(never)]
    pub(super) fn fire_left(&mut self) -> R<()> {
        let (_, s, i, _) = self.site();
        self.fire_at(s, i, Event::BranchLeft, &Payload::NONE)
    }

    /// BRANCH_RIGHT, likewise.
    #[inline(never)]
    pub(super) fn fire_right(&mut self) -> R<()> {
        let (_, s, i, _) = self.site();
        self.fire_at(s, i, Event::BranchRight, &Payload::NONE)
    }

    /// The same for a FOR_ITER that was armed when it resumed a generator, which has returned since.
    pub(super) fn fire_end(&mut self) -> R<()> {
        let (_, s, i, _) = self.site();
        if s.at[i].armed.get() & armed::RIGHT == 0 { Ok(()) } else { self.fire_right() }
    }

    /// BRANCH_LEFT and JUMP of the end of a loop, whichever is armed.  True if a callback of JUMP has set the line: then the
    /// frame goes on where its `pc` says.
    #[inline(never)]
    pub(super) fn fire_loop_back(&mut self) -> R<bool> {
        let (_, s, i, _) = self.site();
        let armed = |bit| s.at[i].armed.get() & bit != 0;
        if armed(armed::LEFT) {
            self.fire_at(s, i, Event::BranchLeft, &Payload::NONE)?;
        }
        if !armed(armed::JUMP) {
            return Ok(false);
        }
        self.fire_at(s, i, Event::Jump, &Payload::NONE)?;
        Ok(self.jumps())
    }

    /// Says that an exception handler begins at a word of the top frame's code, on the line of what raised: its LINE event,
    /// if it is armed, is not to fire this time.
    pub(super) fn skip_line(&mut self, code: &Gc<Code>, target: usize) {
        let Some(s) = sites(&code.data) else { return };
        let op = Op::ALL[s.at[target].original as usize];
        if s.line_at(&code.data.data, target, op).is_some() {
            // SAFETY: a word of the code.
            self.skip_line = unsafe { code.data.hot.words.add(target) };
        }
    }

    /// The tools that are to see C_RETURN or C_RAISE of a call that begins.
    #[inline(always)]
    fn followers(&self, s: &Sites, i: usize) -> ToolSet {
        match s.at[i].armed.get() & armed::ANCILLARY {
            0 => ToolSet::NONE,
            // SAFETY: the VM's code is of its monitor, and a word is a location.
            _ => unsafe { self.monitor.ancillary_armed(&s.code, i as u32) },
        }
    }

    /// Fires CALL where it is armed; the tools that are to see C_RETURN or C_RAISE of this call.
    #[inline(always)]
    fn fire_call(&mut self, s: &Sites, i: usize, payload: &Payload) -> R<ToolSet> {
        let armed = s.at[i].armed.get();
        let follow = self.followers(s, i);
        if armed & armed::EVENT != 0 {
            self.fire_at(s, i, Event::Call, payload)?;
        }
        Ok(follow)
    }

    /// CALL, CALL_KW and CALL_EX.
    #[inline(never)]
    fn monitored_call(&mut self, s: &Sites, i: usize, op: Op, w: Word) -> Instrumented {
        let done = match op {
            Op::CALL_EX => self.monitored_call_ex(s, i, w).map(|()| Instrumented::Done),
            _ => self.monitored_call_registers(s, i, op, w),
        };
        match done {
            Ok(next) => next,
            Err(e) => self.outcome(Err(e)),
        }
    }

    #[inline(always)]
    fn monitored_call_registers(&mut self, s: &Sites, i: usize, op: Op, w: Word) -> R<Instrumented> {
        let regs = self.frame_regs();
        let names = (op == Op::CALL_KW).then(|| {
            // SAFETY: the word behind CALL_KW belongs to it.
            self.stack.frame().map_or(0, |f| unsafe { (*f.pc).get() as usize })
        });
        // SAFETY: the operands of the top frame's instruction.  They are temporaries, which nobody else can write, and stay
        // in their registers until they are dropped below, or the instruction itself is run.
        let site = unsafe { self.call_site(regs, w, names) };
        let callable = site.callable;
        let payload = call_payload(callable, site.pos.first().or(site.values.first()));
        let python = match callable.kind() {
            Some(Kind::Function) => true,
            Some(Kind::BoundMethod) => {
                let method = callable.downcast::<BoundMethod>();
                !site.has_self && method.is_some_and(|m| m.function.downcast::<Function>().is_some())
            }
            _ => false,
        };
        let follow = if python { ToolSet::NONE } else { self.followers(s, i) };
        if follow.is_empty() {
            return Ok(match s.at[i].armed.get() & armed::EVENT {
                0 => Instrumented::Run(op),
                _ => self.fire_alone(s, i, Event::Call, &payload, op),
            });
        }
        if s.at[i].armed.get() & armed::EVENT != 0 {
            self.fire_at(s, i, Event::Call, &payload)?;
        }
        let result = match callable.downcast::<Native>() {
            Some(n) if site.names.is_empty() => self.call_native_operands(n, site.pos),
            // SAFETY: as above; of the operands it changes none that is used afterwards.
            _ => match unsafe { self.construct_in_place(regs, w, &site) } {
                Some(result) => result,
                None => self.call_args(callable, Args { pos: site.pos, names: site.names, values: site.values }),
            },
        };
        self.after_native();
        // By then a method stands there as its function and the object in front of the arguments.
        let payload = match callable.downcast::<BoundMethod>() {
            Some(m) if !site.has_self => call_payload(&m.function, Some(&m.receiver)),
            _ => payload,
        };
        let result = self.fire_return(s, i, payload, follow, result);
        self.drop_call_operands(regs, w);
        self.after_native();
        let v = result?;
        self.set_register(w.c(), v);
        self.skip_words(op.extra_words());
        Ok(Instrumented::Done)
    }

    fn monitored_call_ex(&mut self, s: &Sites, i: usize, w: Word) -> R<()> {
        let (callable, args, kwargs) = self.take_call_ex(w)?;
        let payload = call_payload(&callable, args.first());
        let follow = self.fire_call(s, i, &payload)?;
        let (names, values): (Vec<Value>, Vec<Value>) =
            kwargs.map(|k| k.items()).unwrap_or_default().into_iter().unzip();
        let call = Args { pos: &args, names: &names, values: &values };
        if let Some(f) = callable.downcast::<Function>() {
            return self.enter_function(&f.clone(), call, None, w.c(), 0);
        }
        let result = self.call_spread(&callable, call);
        self.after_native();
        // As CPython's CALL_FUNCTION_EX, which is silent behind a bound method, whatever function that has; its CALL is so
        // only behind methods of Python functions.
        let result = match callable.downcast::<BoundMethod>() {
            Some(_) => result,
            None => self.fire_return(s, i, payload, follow, result),
        };
        self.set_register(w.c(), result?);
        Ok(())
    }

    /// `super().x`: CALL and C_RETURN for `super`, then the attribute.  As in CPython a method is bound while this is
    /// watched, so that its own CALL shows the first argument and not the receiver.
    fn monitored_super(&mut self, s: &Sites, i: usize, w: Word) -> R<()> {
        let callable = self.peek(w.b());
        let arg0 = (w.x() & 2 != 0).then(|| self.peek(w.b() + 1));
        let payload = call_payload(&callable, arg0.as_ref());
        let follow = self.fire_call(s, i, &payload)?;
        let result = self.check_super_operands(w);
        let object = self.fire_return(s, i, payload, follow, result)?;
        self.load_super_attr_bound(w, &object)?;
        self.skip_words(Op::LOAD_SUPER_ATTR.extra_words());
        Ok(())
    }

    /// C_RETURN or C_RAISE of a call that has been made, for the tools `follow` that had CALL when it began.  A tool that
    /// sets CALL during the call hears of the next one first (CPython tells it of this one where another tool had armed
    /// the site).
    #[inline(always)]
    fn fire_return(&mut self, s: &Sites, i: usize, payload: Payload, follow: ToolSet, result: R) -> R {
        if follow.is_empty() {
            return result;
        }
        let value = match &result {
            Ok(v) => v,
            Err(e) => &e.0,
        };
        let payload = payload.with_value(std::ptr::from_ref(value).cast());
        let fired = match &result {
            Ok(_) => self.fire_among(s, i, Event::CReturn, &payload, follow),
            Err(_) => self.fire_among(s, i, Event::CRaise, &payload, follow),
        };
        if let Err(new) = fired {
            if let Err(old) = result {
                self.give_context(&new, &old);
            }
            return Err(new);
        }
        result
    }

    fn skip_words(&mut self, n: usize) {
        let frame = self.stack.frame_ptr();
        // SAFETY: the instruction is the top frame's; the words behind it belong to it.
        unsafe { (*frame).pc = (*frame).pc.add(n) };
    }
}

fn call_payload(callable: &Value, arg0: Option<&Value>) -> Payload {
    Payload::call(std::ptr::from_ref(callable).cast(), arg0.map(|v| std::ptr::from_ref(v).cast()))
}
