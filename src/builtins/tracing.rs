//! `sys.settrace` and `sys.setprofile`: functions of the program that are told of calls, lines, returns and exceptions
//! with the frame, on the host's own tools of the monitor.
//!
//! Which events become which call follows CPython 3.13's `Python/legacy_tracing.c`, as far as its documentation and its
//! behaviour show it.

use std::ffi::c_void;

use crate::monitor::{Action, Callback, Event, EventRecord, EventSet, HostTool, MISSING};
use crate::object::exception::Exception;
use crate::object::frame::FrameObject;
use crate::object::function::{BoundMethod, Native};
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::home::Home;
use crate::vm::native::{Def, def};
use crate::vm::python_callback::value_at;
use crate::vm::{Args, R, Vm};

/// The functions of `sys`.
pub const TABLE: &[Def] = &[
    def("settrace", 1, 1, settrace),
    def("gettrace", 0, 0, |vm, _| Ok(vm.native.trace.clone().unwrap_or(Value::NONE))),
    def("setprofile", 1, 1, setprofile),
    def("getprofile", 0, 0, |vm, _| Ok(vm.native.profile.clone().unwrap_or(Value::NONE))),
    // There is one thread.
    def("_settraceallthreads", 1, 1, settrace),
    def("_setprofileallthreads", 1, 1, setprofile),
    def("call_tracing", 2, 2, call_tracing),
    def("_getframe", 0, 1, getframe),
];

/// What every Python frame shows both of them: its beginning and its end.
const FRAMES: EventSet = EventSet(
    EventSet::PY_START.0
        | EventSet::PY_RESUME.0
        | EventSet::PY_THROW.0
        | EventSet::PY_RETURN.0
        | EventSet::PY_YIELD.0
        | EventSet::PY_UNWIND.0,
);

fn settrace(vm: &mut Vm, a: Args<'_>) -> R {
    vm.audit("sys.settrace", |_| Vec::new())?;
    set_trace(vm, Some(&a.pos[0]).filter(|f| !f.is_none()).cloned());
    Ok(Value::NONE)
}

fn set_trace(vm: &mut Vm, function: Option<Value>) {
    let opcodes = if vm.native.traces_opcodes { EventSet::INSTRUCTION } else { EventSet::NO_EVENTS };
    let events = FRAMES | EventSet::LINE | EventSet::JUMP | EventSet::RAISE | EventSet::STOP_ITERATION | opcodes;
    let callback = function.is_some().then(|| callback(vm, trace));
    drop(std::mem::replace(&mut vm.native.trace, function));
    vm.at_monitor(|monitor| monitor.set_host_tool(HostTool::Trace, events, callback));
}

/// A frame wants events of its instructions.
pub(super) fn trace_opcodes(vm: &mut Vm) {
    vm.native.traces_opcodes = true;
    if let Some(function) = vm.native.trace.clone() {
        set_trace(vm, Some(function));
    }
}

fn setprofile(vm: &mut Vm, a: Args<'_>) -> R {
    vm.audit("sys.setprofile", |_| Vec::new())?;
    set_profile(vm, Some(&a.pos[0]).filter(|f| !f.is_none()).cloned());
    Ok(Value::NONE)
}

fn set_profile(vm: &mut Vm, function: Option<Value>) {
    let events = FRAMES | EventSet::CALL | EventSet::C_RETURN | EventSet::C_RAISE;
    let callback = function.is_some().then(|| callback(vm, profile));
    drop(std::mem::replace(&mut vm.native.profile, function));
    vm.at_monitor(|monitor| monitor.set_host_tool(HostTool::Profile, events, callback));
}

/// `call_tracing(func, args)`: calls a function as if tracing were not going on.
fn call_tracing(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(args) = a.pos[1].downcast::<Tuple>().cloned() else {
        let name = vm.argument_class(&a.pos[1]);
        return Err(vm.type_error(format!("call_tracing() argument 2 must be tuple, not {name}")));
    };
    vm.call(&a.pos[0], &args)
}

fn getframe(vm: &mut Vm, a: Args<'_>) -> R {
    let above = match a.get(0) {
        Some(n) => vm.index_c_int(n)?.max(0) as usize,
        None => 0,
    };
    let depth = vm.frame_count().checked_sub(1).and_then(|top| top.checked_sub(above));
    match depth.and_then(|depth| vm.frame_object(depth)) {
        Some(frame) => {
            vm.audit("sys._getframe", |_| vec![frame.clone()])?;
            Ok(frame)
        }
        None => Err(vm.value_error("call stack is not deep enough")),
    }
}

/// What happens at an event of a host tool.
type React = fn(&mut Vm, &EventRecord) -> R<Action>;

struct HostToolCallback {
    home: Home,
    react: React,
}

fn callback(vm: &mut Vm, react: React) -> Callback {
    let user = Box::into_raw(Box::new(HostToolCallback { home: Home::of(vm), react }));
    // SAFETY: `call` and `free` take the box made here, see `Home` for threads, and neither unwinds.
    unsafe { Callback::from_raw(call, user.cast(), Some(free)) }
}

unsafe extern "C" fn free(user: *mut c_void) {
    // SAFETY: the box made by `callback`; drop functions run once.
    drop(unsafe { Box::from_raw(user.cast::<HostToolCallback>()) });
}

unsafe extern "C" fn call(record: *const EventRecord, user: *mut c_void) -> Action {
    // SAFETY: the record is borrowed for the call, and the callback is alive while it runs.
    let (record, callback) = unsafe { (&*record, &*user.cast::<HostToolCallback>()) };
    callback.home.enter(record, |vm| (callback.react)(vm, record))
}

/// What trace and profile functions are told is going on, with an argument.
type Told = (&'static str, Value);

/// The events of frames, which both functions hear of.
fn frame_event(record: &EventRecord) -> Option<Told> {
    Some(match record.event() {
        Event::PyStart | Event::PyResume | Event::PyThrow => ("call", Value::NONE),
        Event::PyUnwind => ("return", Value::NONE),
        // SAFETY: these events come with a value.
        Event::PyReturn | Event::PyYield => ("return", unsafe { value_at(record.payload().value) }),
        _ => return None,
    })
}

fn tell(vm: &mut Vm, function: &Value, frame: &Value, (what, arg): Told) -> R {
    let what = vm.intern(what).into();
    vm.call(function, &[frame.clone(), what, arg])
}

fn trace(vm: &mut Vm, record: &EventRecord) -> R<Action> {
    let Some(frame) = vm.top_frame_object() else { return Ok(Action::CONTINUE) };
    let Some(data) = frame.opaque::<FrameObject>() else { return Ok(Action::CONTINUE) };
    let told = match record.event() {
        Event::Line if data.trace_lines.get() => ("line", Value::NONE),
        // A jump back to another line fires LINE there.
        Event::Jump if record.destination_offset > record.offset || record.destination_line != record.line => {
            return Ok(Action::DISABLE);
        }
        Event::Jump if data.trace_lines.get() => ("line", Value::NONE),
        Event::Instruction if data.trace_opcodes.get() => ("opcode", Value::NONE),
        // SAFETY: these events come with an exception.
        Event::Raise | Event::StopIteration => {
            ("exception", exception_info(vm, unsafe { value_at(record.payload().value) }))
        }
        _ => match frame_event(record) {
            Some(told) => told,
            None => return Ok(Action::CONTINUE),
        },
    };
    let function = if told.0 == "call" { vm.native.trace.clone() } else { data.trace.get() };
    let Some(function) = function else { return Ok(Action::CONTINUE) };
    match vm.at_event(record.event(), |vm| tell(vm, &function, &frame, told)) {
        Ok(v) => {
            if !v.is_none() {
                data.trace.set(Some(v));
            }
            Ok(Action::CONTINUE)
        }
        Err(e) => {
            set_trace(vm, None);
            data.trace.set(None);
            Err(e)
        }
    }
}

/// `(type, exception, traceback)`.
fn exception_info(vm: &mut Vm, e: Value) -> Value {
    let class = e.class(&vm.heap).to_value();
    let traceback = e.downcast::<Exception>().and_then(|x| x.traceback.get()).map_or(Value::NONE, Value::from);
    Tuple::new(&vm.heap, [class, e, traceback]).into()
}

fn profile(vm: &mut Vm, record: &EventRecord) -> R<Action> {
    let Some(function) = vm.native.profile.clone() else { return Ok(Action::CONTINUE) };
    let told = match record.event() {
        event @ (Event::Call | Event::CReturn | Event::CRaise) => {
            let what = match event {
                Event::Call => "c_call",
                Event::CReturn => "c_return",
                _ => "c_exception",
            };
            match native_callee(vm, record)? {
                Some(callee) => (what, callee),
                None => return Ok(Action::CONTINUE),
            }
        }
        _ => match frame_event(record) {
            Some(told) => told,
            None => return Ok(Action::CONTINUE),
        },
    };
    let Some(frame) = vm.top_frame_object() else { return Ok(Action::CONTINUE) };
    match tell(vm, &function, &frame, told) {
        Ok(_) => Ok(Action::CONTINUE),
        Err(e) => {
            set_profile(vm, None);
            Err(e)
        }
    }
}

/// The native function that a call event is about, methods with their receiver; None for other callables, of which a
/// profile function is not told.
fn native_callee(vm: &mut Vm, record: &EventRecord) -> R<Option<Value>> {
    // SAFETY: call events come with a callable.
    let callable = unsafe { value_at(record.payload().callable) };
    if let Some(method) = callable.downcast::<BoundMethod>() {
        let function = method.function.clone();
        let is_native = function.downcast::<Native>().is_some_and(|n| n.ty().is(&vm.types().builtin_function));
        return Ok(is_native.then_some(function));
    }
    let Some(native) = callable.downcast::<Native>() else { return Ok(None) };
    if native.ty().is(&vm.types().builtin_function) {
        return Ok(Some(callable));
    }
    if !native.ty().is(&vm.types().method_descriptor) || std::ptr::eq(record.payload().arg0, MISSING.as_ptr()) {
        return Ok(None);
    }
    // SAFETY: the first argument is not MISSING.
    let receiver = unsafe { value_at(record.payload().arg0) };
    let class = receiver.class(&vm.heap).to_value();
    let get = vm.intern("__get__");
    vm.call_method(&callable, &get, &[receiver, class]).map(Some)
}
