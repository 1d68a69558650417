//! `sys.monitoring` (PEP 669): the six tools of the interpreter's monitor, for programs.  The host's callbacks and the
//! program's share them.

mod callback;

use crate::builtins::modules::{new, set};
use crate::monitor::{
    COVERAGE_ID, DEBUGGER_ID, ErrorKind, Event, EventSet, MonitorError, OPTIMIZER_ID, PROFILER_ID, TOOL_COUNT,
};
use crate::object::dict::Dict;
use crate::object::function::{Code, Module};
use crate::object::header::Ref;
use crate::object::instance::Instance;
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::python_callback::PythonCallback;
use crate::vm::{Args, Exc, R, Sentinels, Vm};

const TABLE: &[Def] = &[
    def("use_tool_id", 2, 2, use_tool_id),
    def("clear_tool_id", 1, 1, clear_tool_id),
    def("free_tool_id", 1, 1, free_tool_id),
    def("get_tool", 1, 1, get_tool),
    def("register_callback", 3, 3, register_callback),
    def("get_events", 1, 1, get_events),
    def("set_events", 2, 2, set_events),
    def("get_local_events", 2, 2, get_local_events),
    def("set_local_events", 3, 3, set_local_events),
    def("restart_events", 0, 0, restart_events),
    def("_all_events", 0, 0, all_events),
];

/// Makes the module; as in CPython it is an attribute of `sys` and not in `sys.modules`.
pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "sys.monitoring", TABLE);
    let d = m.dict.clone();
    for (name, id) in [
        ("DEBUGGER_ID", DEBUGGER_ID),
        ("COVERAGE_ID", COVERAGE_ID),
        ("PROFILER_ID", PROFILER_ID),
        ("OPTIMIZER_ID", OPTIMIZER_ID),
    ] {
        set(vm, &d, name, Value::int_unchecked(id.into()));
    }
    let Sentinels { disable, missing } = vm.sentinels().clone();
    set(vm, &d, "DISABLE", disable);
    set(vm, &d, "MISSING", missing);
    let class = vm.types().simple_namespace.clone();
    let events: Value = vm.heap.alloc(&class, Instance).into();
    let numbers = Event::ALL.iter().map(|e| (e.name(), e.set()));
    for (name, events_set) in numbers.chain([("NO_EVENTS", EventSet::NO_EVENTS)]) {
        let name = vm.intern(name);
        vm.set_attr(&events, &name, Value::int_unchecked(events_set.0.into()))?;
    }
    set(vm, &d, "events", events);
    Ok(m)
}

fn raise(vm: &mut Vm, e: MonitorError) -> Exc {
    let text = e.to_string();
    match e.kind() {
        ErrorKind::Type => vm.type_error(text),
        ErrorKind::Overflow => vm.overflow_error(text),
        // What the host's audit hook refuses is a RuntimeError, as other refusals of embedding hosts.
        ErrorKind::Host => vm.runtime_error(text),
        ErrorKind::Value => vm.value_error(text),
    }
}

fn done<T>(vm: &mut Vm, result: Result<T, MonitorError>) -> R<T> {
    result.map_err(|e| raise(vm, e))
}

fn use_tool_id(vm: &mut Vm, a: Args<'_>) -> R {
    let id = vm.index_c_int(&a.pos[0])?;
    // CPython checks the id first, but takes no name that is not a str for any id.
    done(vm, vm.monitor.clone().get_tool(id))?;
    let Some(name) = a.pos[1].downcast::<Str>() else { return Err(raise(vm, MonitorError::NameNotText)) };
    let name = name.to_string_lossy().into_owned();
    let used = vm.monitor.use_tool_id(id, &name);
    done(vm, used)?;
    Ok(Value::NONE)
}

fn clear_tool_id(vm: &mut Vm, a: Args<'_>) -> R {
    let id = vm.index_c_int(&a.pos[0])?;
    let cleared = vm.at_monitor(|monitor| monitor.clear_tool_id(id));
    done(vm, cleared)?;
    Ok(Value::NONE)
}

fn free_tool_id(vm: &mut Vm, a: Args<'_>) -> R {
    let id = vm.index_c_int(&a.pos[0])?;
    let freed = vm.at_monitor(|monitor| monitor.free_tool_id(id));
    done(vm, freed)?;
    Ok(Value::NONE)
}

fn get_tool(vm: &mut Vm, a: Args<'_>) -> R {
    let id = vm.index_c_int(&a.pos[0])?;
    let name = vm.monitor.get_tool(id);
    Ok(done(vm, name)?.map_or(Value::NONE, |name| vm.new_str(&name)))
}

fn register_callback(vm: &mut Vm, a: Args<'_>) -> R {
    let id = vm.index_c_int(&a.pos[0])?;
    let event = vm.index_c_int(&a.pos[1])?;
    let func = &a.pos[2];
    let place = vm.monitor.check_callback_place(id, event.into());
    done(vm, place)?;
    vm.audit("sys.monitoring.register_callback", |_| vec![func.clone()])?;
    let callback = match callback::host(func) {
        _ if func.is_none() => None,
        Some(host) => Some(host),
        None => Some(PythonCallback::wrap(vm, func)),
    };
    let previous = vm.at_monitor(|monitor| monitor.register_callback(id, event.into(), callback));
    let Some(previous) = done(vm, previous)? else { return Ok(Value::NONE) };
    let shown = callback::unwrap(vm, &previous);
    // Perhaps the last of it, and its drop function is code of the host.
    vm.lend(|| drop(previous));
    Ok(shown)
}

fn events_value(events: EventSet) -> Value {
    Value::int_unchecked(events.0.into())
}

fn get_events(vm: &mut Vm, a: Args<'_>) -> R {
    let id = vm.index_c_int(&a.pos[0])?;
    let events = vm.monitor.get_events(id);
    done(vm, events).map(events_value)
}

fn set_events(vm: &mut Vm, a: Args<'_>) -> R {
    let id = vm.index_c_int(&a.pos[0])?;
    let events = vm.index_c_int(&a.pos[1])?;
    let set = vm.at_monitor(|monitor| monitor.set_events(id, events.into()));
    done(vm, set)?;
    Ok(Value::NONE)
}

fn code_argument(vm: &mut Vm, v: &Value) -> R<Ref<Code>> {
    match v.downcast::<Code>() {
        Some(code) => Ok(code.clone()),
        None => Err(raise(vm, MonitorError::NotCode)),
    }
}

fn get_local_events(vm: &mut Vm, a: Args<'_>) -> R {
    let id = vm.index_c_int(&a.pos[0])?;
    let code = code_argument(vm, &a.pos[1])?;
    let Some(code) = vm.register_code(code.gc()) else { return Ok(events_value(EventSet::NO_EVENTS)) };
    let events = vm.monitor.get_local_events(id, &code);
    done(vm, events).map(events_value)
}

fn set_local_events(vm: &mut Vm, a: Args<'_>) -> R {
    let id = vm.index_c_int(&a.pos[0])?;
    let code = code_argument(vm, &a.pos[1])?;
    let events = vm.index_c_int(&a.pos[2])?;
    let Some(code) = vm.register_code(code.gc()) else { return Err(vm.memory_error()) };
    let set = vm.at_monitor(|monitor| monitor.set_local_events(id, &code, events.into()));
    done(vm, set)?;
    Ok(Value::NONE)
}

fn restart_events(vm: &mut Vm, _: Args<'_>) -> R {
    vm.at_monitor(|monitor| monitor.restart_events());
    Ok(Value::NONE)
}

/// `{event name: tools that have it set globally, as bits}`.
fn all_events(vm: &mut Vm, _: Args<'_>) -> R {
    let mut sets = [EventSet::NO_EVENTS; TOOL_COUNT];
    for (id, set) in sets.iter_mut().enumerate() {
        let events = vm.monitor.get_events(id as i32);
        *set = done(vm, events)?;
    }
    let all = Dict::new(&vm.heap);
    for event in Event::ALL {
        let tools = (0..TOOL_COUNT).filter(|&id| sets[id].contains(event.set())).fold(0, |tools, id| tools | 1 << id);
        if tools != 0 {
            set(vm, &all, event.name(), Value::int_unchecked(tools));
        }
    }
    Ok(all.into())
}
