//! `_thread` of an interpreter with one thread: locks that nobody else can hold, and no new threads.

use std::cell::Cell;

use super::{add_class, new, set};
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::number::{BigInt, Float};
use crate::object::sequence::Tuple;
use crate::object::types::type_flags;
use crate::object::value::Value;
use crate::opaque_data;
use crate::vm::native::{ANY, Def, def, def_kw};
use crate::vm::native_args::{Signature, signature};
use crate::vm::native_class::{CLASS, Class};
use crate::vm::{Args, Exc, R, Vm};

/// `get_ident()` of the one thread.
const IDENT: i64 = 1;
/// The longest wait in seconds, as where times are counted in nanoseconds of 63 bits.
const TIMEOUT_MAX: f64 = 9_223_372_036.0;

const TABLE: &[Def] = &[
    def("allocate_lock", 0, 0, |vm, _| new_lock(vm)),
    def("allocate", 0, 0, |vm, _| new_lock(vm)),
    def("get_ident", 0, 0, ident),
    def("get_native_id", 0, 0, |_, _| Ok(Value::int_unchecked(std::process::id().into()))),
    def("_get_main_thread_ident", 0, 0, ident),
    def("_is_main_interpreter", 0, 0, |_, _| Ok(Value::TRUE)),
    def("_count", 0, 0, |_, _| Ok(Value::int_unchecked(0))),
    def("daemon_threads_allowed", 0, 0, |_, _| Ok(Value::FALSE)),
    def("stack_size", 0, 1, |_, _| Ok(Value::int_unchecked(0))),
    def("_shutdown", 0, 0, |_, _| Ok(Value::NONE)),
    def("_make_thread_handle", 1, 1, make_handle),
    def("interrupt_main", 0, 1, |vm, _| {
        vm.heap.request(crate::object::heap::breaker::INTERRUPT);
        Ok(Value::NONE)
    }),
    def("start_new_thread", 2, 3, |vm, _| Err(no_threads(vm))),
    def("start_new", 2, 3, |vm, _| Err(no_threads(vm))),
    def_kw("start_joinable_thread", 0, ANY, |vm, _| Err(no_threads(vm))),
    def("exit", 0, 0, exit),
    def("exit_thread", 0, 0, exit),
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "_thread", TABLE);
    for class in [&LOCK, &RLOCK, &LOCAL, &HANDLE] {
        add_class(vm, &m, class);
    }
    let lock: Value = vm.native_class(&LOCK).into();
    set(vm, &m.dict, "LockType", lock);
    let error: Value = vm.types().RuntimeError.clone().into();
    set(vm, &m.dict, "error", error);
    let most = Float::value(&vm.heap, TIMEOUT_MAX);
    set(vm, &m.dict, "TIMEOUT_MAX", most);
    Ok(m)
}

fn ident(_: &mut Vm, _: Args<'_>) -> R {
    Ok(Value::int_unchecked(IDENT))
}

fn no_threads(vm: &mut Vm) -> Exc {
    vm.runtime_error("can't start new thread: this interpreter has one thread only")
}

fn exit(vm: &mut Vm, _: Args<'_>) -> R {
    let class = vm.types().SystemExit.clone();
    Err(vm.exception(&class, vec![]))
}

/// How often the one thread holds a lock: at most once where it is no `RLock`.
struct Lock {
    count: Cell<usize>,
}

opaque_data!(Lock {});

static LOCK: Class = Class {
    module: "_thread",
    name: "lock",
    new: Some(def_kw("__new__", 0, ANY, |vm, a| new_of(vm, a, "lock"))),
    methods: &[
        def_kw("acquire", 1, ANY, acquire),
        def_kw("acquire_lock", 1, ANY, acquire),
        def_kw("__enter__", 1, ANY, acquire),
        def("release", 1, 1, release),
        def("release_lock", 1, 1, release),
        def("__exit__", 1, ANY, release),
        def("locked", 1, 1, locked),
        def("locked_lock", 1, 1, locked),
        def("__repr__", 1, 1, repr),
        // Only a process with this one thread could have forked.
        def("_at_fork_reinit", 1, 1, |vm, a| {
            vm.receiver::<Lock>(a)?;
            Ok(Value::NONE)
        }),
    ],
    ..CLASS
};

static RLOCK: Class = Class {
    module: "_thread",
    name: "RLock",
    flags: type_flags::BASE,
    new: Some(def_kw("__new__", 0, ANY, |vm, a| new_of(vm, a, "RLock"))),
    methods: &[
        def_kw("acquire", 1, ANY, acquire),
        def_kw("__enter__", 1, ANY, acquire),
        def("release", 1, 1, release),
        def("__exit__", 1, ANY, release),
        def("locked", 1, 1, locked),
        def("_is_owned", 1, 1, locked),
        def("_recursion_count", 1, 1, |vm, a| {
            let n = vm.receiver::<Lock>(a)?.count.get();
            Ok(BigInt::from_size(&vm.heap, n))
        }),
        def("_release_save", 1, 1, release_save),
        def("_acquire_restore", 2, 2, acquire_restore),
        def("__repr__", 1, 1, repr),
        // Only a process with this one thread could have forked.
        def("_at_fork_reinit", 1, 1, |vm, a| {
            vm.receiver::<Lock>(a)?;
            Ok(Value::NONE)
        }),
    ],
    ..CLASS
};

fn new_lock(vm: &mut Vm) -> R {
    let class = vm.native_class(&LOCK);
    Ok(vm.new_opaque(&class, Lock { count: Cell::new(0) }))
}

fn new_of(vm: &mut Vm, a: Args<'_>, name: &str) -> R {
    let class = vm.class_argument(a)?;
    if name == "lock" {
        a.rest().between(vm, name, 0, 0)?;
    }
    Ok(vm.new_opaque(&class, Lock { count: Cell::new(0) }))
}

fn is_recursive(vm: &mut Vm, o: &Value) -> bool {
    let class = vm.native_class(&RLOCK);
    o.class(&vm.heap).is_subclass(&class)
}

fn acquire(vm: &mut Vm, a: Args<'_>) -> R {
    const PARAMETERS: Signature<2> = signature("acquire", ["blocking", "timeout"], 0);
    let lock = vm.receiver::<Lock>(a)?;
    let [blocking, timeout] = a.rest().bind(vm, &PARAMETERS)?;
    let blocking = match blocking {
        Some(v) => vm.truth(v)?,
        None => true,
    };
    let timeout = match timeout {
        Some(v) => super::math::real(vm, v)?,
        None => -1.0,
    };
    if timeout.is_nan() {
        return Err(vm.value_error("Invalid value NaN (not a number)"));
    }
    if !blocking && timeout != -1.0 {
        return Err(vm.value_error("can't specify a timeout for a non-blocking call"));
    }
    if timeout < 0.0 && timeout != -1.0 {
        return Err(vm.value_error("timeout value must be a non-negative number"));
    }
    if timeout > TIMEOUT_MAX {
        return Err(vm.overflow_error("timeout value is too large"));
    }
    if lock.count.get() == 0 || is_recursive(vm, &a.pos[0]) {
        lock.count.set(lock.count.get() + 1);
        return Ok(Value::TRUE);
    }
    if blocking && timeout < 0.0 {
        return Err(vm.runtime_error("deadlock: the one thread waits for a lock that it holds"));
    }
    // Nobody can release it meanwhile.
    if blocking {
        vm.sleep(std::time::Duration::from_secs_f64(timeout))?;
    }
    Ok(Value::FALSE)
}

fn release(vm: &mut Vm, a: Args<'_>) -> R {
    let lock = vm.receiver::<Lock>(a)?;
    match lock.count.get().checked_sub(1) {
        Some(n) => {
            lock.count.set(n);
            Ok(Value::NONE)
        }
        None if is_recursive(vm, &a.pos[0]) => Err(vm.runtime_error("cannot release un-acquired lock")),
        None => Err(vm.runtime_error("release unlocked lock")),
    }
}

fn locked(vm: &mut Vm, a: Args<'_>) -> R {
    Ok(Value::bool(vm.receiver::<Lock>(a)?.count.get() > 0))
}

fn repr(vm: &mut Vm, a: Args<'_>) -> R {
    let n = vm.receiver::<Lock>(a)?.count.get();
    let class = a.pos[0].class(&vm.heap).clone();
    let (name, at) = (vm.full_name(&class)?, a.pos[0].bits());
    let state = if n > 0 { "locked" } else { "unlocked" };
    let owner = if n > 0 { IDENT } else { 0 };
    let more = if is_recursive(vm, &a.pos[0]) { format!("owner={owner} count={n} ") } else { String::new() };
    Ok(vm.new_str(&format!("<{state} {name} object {more}at {at:#x}>")))
}

fn release_save(vm: &mut Vm, a: Args<'_>) -> R {
    let lock = vm.receiver::<Lock>(a)?;
    let n = lock.count.replace(0);
    if n == 0 {
        return Err(vm.runtime_error("cannot release un-acquired lock"));
    }
    Ok(Tuple::new(&vm.heap, [BigInt::from_size(&vm.heap, n), Value::int_unchecked(IDENT)]).into())
}

fn acquire_restore(vm: &mut Vm, a: Args<'_>) -> R {
    let lock = vm.receiver::<Lock>(a)?;
    let n = match a.pos[1].downcast::<Tuple>().and_then(|t| t.first().cloned()) {
        Some(n) => vm.index_i64(&n)?,
        None => return Err(vm.type_error("_acquire_restore() argument must be a tuple")),
    };
    lock.count.set(n.max(0) as usize);
    Ok(Value::NONE)
}

struct Local;

opaque_data!(Local {});

/// With one thread its attributes are those of any object.
static LOCAL: Class = Class {
    module: "_thread",
    name: "_local",
    doc: "Attributes of one thread.",
    flags: type_flags::BASE | type_flags::ATTRS,
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        let init = vm.types().names.__init__.clone();
        let inherited = match (class.lookup(&init), vm.types().object.lookup(&init)) {
            (Some(own), Some(of)) => own.is(&of),
            _ => false,
        };
        if inherited && (a.pos.len() > 1 || !a.names.is_empty()) {
            return Err(vm.type_error("Initialization arguments are not supported"));
        }
        Ok(vm.new_opaque(&class, Local))
    })),
    ..CLASS
};

/// The handle of a thread: of the main one, which is what `threading` asks for.
struct Handle {
    ident: i64,
    done: Cell<bool>,
}

opaque_data!(Handle {});

static HANDLE: Class = Class {
    module: "_thread",
    name: "_ThreadHandle",
    new: Some(def_kw("__new__", 0, ANY, |vm, a| {
        let class = vm.class_argument(a)?;
        Ok(vm.new_opaque(&class, Handle { ident: 0, done: Cell::new(false) }))
    })),
    methods: &[
        def("join", 1, 2, |_, _| Ok(Value::NONE)),
        def("is_done", 1, 1, |vm, a| Ok(Value::bool(vm.receiver::<Handle>(a)?.done.get()))),
        def("_set_done", 1, 1, |vm, a| {
            vm.receiver::<Handle>(a)?.done.set(true);
            Ok(Value::NONE)
        }),
    ],
    getset: &[(
        "ident",
        |vm, a| {
            let ident = vm.receiver::<Handle>(a)?.ident;
            Ok(BigInt::from_i64(&vm.heap, ident))
        },
        None,
    )],
    ..CLASS
};

fn make_handle(vm: &mut Vm, a: Args<'_>) -> R {
    let ident = vm.index_i64(&a.pos[0])?;
    let class = vm.native_class(&HANDLE);
    Ok(vm.new_opaque(&class, Handle { ident, done: Cell::new(false) }))
}
