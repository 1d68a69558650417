//! Callbacks that are Python callables: as callbacks of the core, and as frames of the running loop.
//!
//! The core calls such a callback as any other: [`call`] runs it in a loop of its own.  Where the loop itself fires for one
//! tool alone ([`Vm::fire_or_enter`](super::instrument)) and the callable is a plain function, or a method of one, that takes
//! just the event's arguments, it enters the function instead and goes on with the watched instruction when that returns.
//!
//! Invariant: such a frame carries `frame_flags::SPECIAL` and [`Then::Callback`]; the frame below stands at the watched
//! instruction.  While it lives the core has a callback running on this thread, which ends with the frame: by
//! [`Vm::end_callback`] where it returns, by [`Vm::abandon_callback`] where an exception leaves it.

use std::ffi::c_void;
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::home::Home;
use super::run::Flow;
use super::special_frames::Then;
use super::stack::frame_flags;
use crate::monitor::{Action, Call, Callback, CallbackFn, Event, EventRecord, MISSING, PayloadKind};
use crate::object::function::{BoundMethod, Code, Function};
use crate::object::header::{Gc, Header, Ref};
use crate::object::instance::Instance;
use crate::object::value::Value;
use crate::vm::{R, Sentinels, Vm};

/// A callable that watches the programs of one interpreter.
pub struct PythonCallback {
    /// An owned reference, as a word.
    callable: u64,
    /// The function that the loop may enter, if it is one or a method of one; the callable holds it.
    function: Option<NonNull<Gc<Function>>>,
    /// The receiver of a method, as a word that the callable owns.
    receiver: Option<u64>,
    home: Home,
}

impl Drop for PythonCallback {
    fn drop(&mut self) {
        // Values are counted on the interpreter's own thread only.
        self.home.orphans.push(self.callable);
    }
}

impl PythonCallback {
    /// A callback of the core that calls `callable`.
    pub fn wrap(vm: &Vm, callable: &Value) -> Callback {
        let method = callable.downcast::<BoundMethod>();
        let function = method.map_or(callable, |m| &m.function).downcast::<Function>();
        let callback = PythonCallback {
            callable: callable.clone().into_bits(),
            function: function.and_then(|f| NonNull::new(f.as_ptr())),
            receiver: method.map(|m| m.receiver.bits()),
            home: Home::of(vm),
        };
        // SAFETY: `call` and `free` take the box made here, see `Home` for threads, and neither unwinds: what they run
        // reports errors as values.
        unsafe { Callback::from_raw(call, Box::into_raw(Box::new(callback)).cast(), Some(free)) }
    }

    /// The callable, if a callback of the core has function and user pointer of one made by [`PythonCallback::wrap`].
    ///
    /// # Safety
    /// They are those of a callback that lives as long as the result.
    pub unsafe fn of<'a>(func: CallbackFn, user: *mut c_void) -> Option<&'a PythonCallback> {
        if !std::ptr::fn_addr_eq(func, call as CallbackFn) {
            return None;
        }
        // SAFETY: the user pointer of `call` is the box made by `wrap`, and lives as long as the callback.
        Some(unsafe { &*user.cast() })
    }

    pub fn callable(&self) -> &Value {
        // SAFETY: the callback owns the reference.
        unsafe { borrowed(&raw const self.callable) }
    }
}

unsafe extern "C" fn free(user: *mut c_void) {
    // SAFETY: the box made by `wrap`; drop functions run once.
    drop(unsafe { Box::from_raw(user.cast::<PythonCallback>()) });
}

unsafe extern "C" fn call(record: *const EventRecord, user: *mut c_void) -> Action {
    // SAFETY: the record is borrowed for the call, and the callback is alive while it runs.
    let (record, callback) = unsafe { (&*record, &*user.cast::<PythonCallback>()) };
    let run = |vm: &mut Vm| {
        let event = record.event();
        let mut values = [const { Value::NONE }; MOST_ARGUMENTS];
        arguments(vm, event, record, |i, v| values[i] = v);
        let result = vm.at_event(event, |vm| vm.call(callback.callable(), &values[..argument_count(event)]))?;
        Ok(vm.action(&result))
    };
    callback.home.enter(record, run)
}

/// The most arguments of an event.
const MOST_ARGUMENTS: usize = 4;

/// With how many arguments a callable is called at an event.
const fn argument_count(event: Event) -> usize {
    match event.payload() {
        PayloadKind::None => 2,
        PayloadKind::Value | PayloadKind::Exception | PayloadKind::Destination => 3,
        PayloadKind::Call => 4,
    }
}

/// Gives what a callable is called with at an event (semantics, section 1), one by one: to `put` them where they are needed
/// costs less than to copy them there.
#[inline(always)]
fn arguments(vm: &mut Vm, event: Event, record: &EventRecord, mut put: impl FnMut(usize, Value)) {
    // SAFETY: this is what such events come with.
    let value = |at| unsafe { value_at(at) };
    let number = |n: i64| Value::int_unchecked(n);
    put(0, code(record));
    put(1, if event == Event::Line { number(record.line.into()) } else { number(record.offset.into()) });
    match event.payload() {
        PayloadKind::None => {}
        PayloadKind::Value | PayloadKind::Exception => put(2, value(record.payload().value)),
        PayloadKind::Destination => put(2, number(record.destination_offset.into())),
        PayloadKind::Call => {
            put(2, value(record.payload().callable));
            let arg0 = record.payload().arg0;
            let is_missing = std::ptr::eq(arg0, MISSING.as_ptr());
            put(3, if is_missing { vm.sentinels().missing.clone() } else { value(arg0) });
        }
    }
}

/// # Safety
/// `word` is the address of a live value.
unsafe fn borrowed<'a>(word: *const u64) -> &'a Value {
    // SAFETY: a value is one word.
    unsafe { &*word.cast() }
}

/// The value that a record points to.
///
/// # Safety
/// The record is that of a running callback, and the pointer one of its own, not null.
pub unsafe fn value_at(at: *const c_void) -> Value {
    // SAFETY: the VM fires with the addresses of values that are alive during the call.
    unsafe { borrowed(at.cast()) }.clone()
}

/// The code object in which an event of the interpreter's own thread state happened.
fn code(record: &EventRecord) -> Value {
    // SAFETY: the VM registers its code objects with their addresses, and this one is running.
    unsafe {
        let code = NonNull::new_unchecked(record.code().host().cast::<Gc<Code>>());
        code.cast::<Header>().as_ref().increment();
        Ref::from_raw(code).into()
    }
}

impl Vm {
    /// The interpreter's DISABLE and MISSING.
    pub fn sentinels(&mut self) -> &Sentinels {
        if self.native.sentinels.is_none() {
            let object = self.types().object.clone();
            let make = || -> Value { self.heap.alloc(&object, Instance).into() };
            self.native.sentinels = Some(Sentinels { disable: make(), missing: make() });
        }
        self.native.sentinels.get_or_insert_with(|| unreachable!("they have just been made"))
    }

    /// What a callable asks for by its result.
    #[inline]
    fn action(&self, result: &Value) -> Action {
        match &self.native.sentinels {
            Some(sentinels) if result.is(&sentinels.disable) => Action::DISABLE,
            _ => Action::CONTINUE,
        }
    }

    /// Pushes the frame of a Python function that the core is about to call; false if it must be called.
    ///
    /// The record no longer has what the event came with afterwards, whose addresses end with the watched instruction's handler.
    #[inline(always)]
    pub(super) fn enter_callback(&mut self, callback: &PythonCallback, call: &mut Call<'_>, event: Event) -> bool {
        let Some(function) = callback.function else { return false };
        // SAFETY: the callable holds the function, and that its code.
        let code = unsafe { (*(*function.as_ptr()).data.code.as_ptr()).as_ptr() };
        // SAFETY: as above.
        let hot = unsafe { &(*code).data.hot };
        let (base, receivers) = (self.stack.top(), usize::from(callback.receiver.is_some()));
        let count = receivers + argument_count(event);
        if hot.simple_args as usize != count
            || !self.stack.has_room(base, hot.register_count as usize)
            || !std::ptr::eq(callback.home.thread(), Rc::as_ptr(&self.thread))
        {
            return false;
        }
        // SAFETY (as far as the frame): there is room, and what is above the top frame holds no reference; the function lives,
        // as said above.
        let slot = |i: usize| unsafe { &mut *base.add(i) };
        if let Some(receiver) = &callback.receiver {
            // SAFETY: the callable owns the reference.
            *slot(0) = unsafe { borrowed(receiver) }.clone().into_bits();
        }
        arguments(self, event, call.record(), |i, v| *slot(receivers + i) = v.into_bits());
        for i in count..hot.first_temp as usize {
            *slot(i) = 0;
        }
        call.forget_payload(event);
        self.watch(event);
        // SAFETY: as above.
        unsafe {
            let due = (*self.breaker).load(Ordering::Relaxed);
            // A plain RESUME has nothing to do when nothing is due: as where the loop enters a function.
            let is_plain = due == 0 && (*code).data.entry_version() == self.monitor_changes.count();
            let pc = hot.words.add(usize::from(is_plain));
            function.as_ref().header.increment();
            let below = self.stack.frame_ptr();
            let frame = self.stack.push_call(below, Ref::from_raw(function), code, base, pc, 0);
            (*frame).flags = frame_flags::SPECIAL;
            (*frame).then = Then::Callback(event);
        }
        true
    }

    /// A callback's frame, which is gone, has returned `v`: what the core has running ends, and the watched instruction goes
    /// on.
    #[inline(always)]
    pub(super) fn end_callback(&mut self, v: Value, event: Event) -> R<Flow> {
        self.watched = None;
        let action = if v.is_none() { Action::CONTINUE } else { self.action(&v) };
        drop(v);
        let is_calm = action == Action::CONTINUE && !self.is_change_due();
        if is_calm {
            self.end_armed(event);
        } else {
            self.finish_call(event, action)?;
            if self.jumps() {
                return Ok(Flow::Reload);
            }
        }
        self.go_on_behind(event, is_calm)
    }

    /// An exception has left a callback's frame, which is gone.
    #[cold]
    pub(super) fn abandon_callback(&mut self, event: Event) {
        self.watched = None;
        self.jumped = std::ptr::null();
        // Nothing that can fail is asked for.
        drop(self.finish_call(event, Action::CONTINUE));
    }
}
