//! The clocks.

use super::super::math::float;
use super::system::Clock;
use crate::builtins::modules::posix::fd::os_error;
use crate::object::instance::Instance;
use crate::object::number::{BigInt, Float};
use crate::object::str::Str;
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::{Args, R, Vm};

pub const TABLE: &[Def] = &[
    def("clock_getres", 1, 1, |vm, a| seconds_of(vm, a, Clock::resolution)),
    def("clock_gettime", 1, 1, |vm, a| seconds_of(vm, a, Clock::read)),
    def("clock_gettime_ns", 1, 1, |vm, a| {
        let clock = clock(vm, &a.pos[0])?;
        nanoseconds(vm, clock)
    }),
    def("clock_settime", 2, 2, clock_settime),
    def("clock_settime_ns", 2, 2, clock_settime_ns),
    def("get_clock_info", 1, 1, get_clock_info),
    def("monotonic", 0, 0, |vm, _| seconds(vm, MONOTONIC)),
    def("monotonic_ns", 0, 0, |vm, _| nanoseconds(vm, MONOTONIC)),
    def("perf_counter", 0, 0, |vm, _| seconds(vm, MONOTONIC)),
    def("perf_counter_ns", 0, 0, |vm, _| nanoseconds(vm, MONOTONIC)),
    def("process_time", 0, 0, |vm, _| seconds(vm, PROCESS)),
    def("process_time_ns", 0, 0, |vm, _| nanoseconds(vm, PROCESS)),
    def("thread_time", 0, 0, |vm, _| seconds(vm, THREAD)),
    def("thread_time_ns", 0, 0, |vm, _| nanoseconds(vm, THREAD)),
    def("time", 0, 0, |vm, _| seconds(vm, REAL)),
    def("time_ns", 0, 0, |vm, _| nanoseconds(vm, REAL)),
];

/// Names of clocks by number.
pub const NUMBERS: &[(&str, libc::clockid_t)] = &[
    ("CLOCK_BOOTTIME", libc::CLOCK_BOOTTIME),
    ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC),
    ("CLOCK_MONOTONIC_RAW", libc::CLOCK_MONOTONIC_RAW),
    ("CLOCK_PROCESS_CPUTIME_ID", libc::CLOCK_PROCESS_CPUTIME_ID),
    ("CLOCK_REALTIME", libc::CLOCK_REALTIME),
    ("CLOCK_TAI", libc::CLOCK_TAI),
    ("CLOCK_THREAD_CPUTIME_ID", libc::CLOCK_THREAD_CPUTIME_ID),
];

const REAL: Clock = Clock(libc::CLOCK_REALTIME);
const MONOTONIC: Clock = Clock(libc::CLOCK_MONOTONIC);
const PROCESS: Clock = Clock(libc::CLOCK_PROCESS_CPUTIME_ID);
const THREAD: Clock = Clock(libc::CLOCK_THREAD_CPUTIME_ID);

/// `get_clock_info`: the clock, its name for the system, and whether it is never set back.
const KINDS: &[(&str, Clock, &str, bool)] = &[
    ("time", REAL, "CLOCK_REALTIME", false),
    ("monotonic", MONOTONIC, "CLOCK_MONOTONIC", true),
    ("perf_counter", MONOTONIC, "CLOCK_MONOTONIC", true),
    ("process_time", PROCESS, "CLOCK_PROCESS_CPUTIME_ID", true),
    ("thread_time", THREAD, "CLOCK_THREAD_CPUTIME_ID", true),
];

/// Seconds after the epoch, whole ones.
pub fn now() -> i64 {
    REAL.read().map_or(0, |ns| ns.div_euclid(1_000_000_000) as i64)
}

fn asked(vm: &mut Vm, answer: std::io::Result<i128>) -> R<i128> {
    answer.map_err(|e| os_error(vm, &e, None))
}

fn as_seconds(nanoseconds: i128) -> f64 {
    nanoseconds as f64 / 1e9
}

fn seconds(vm: &mut Vm, clock: Clock) -> R {
    let ns = asked(vm, clock.read())?;
    float(vm, as_seconds(ns))
}

fn nanoseconds(vm: &mut Vm, clock: Clock) -> R {
    let ns = asked(vm, clock.read())?;
    Ok(BigInt::from_i128(&vm.heap, ns))
}

fn clock(vm: &mut Vm, v: &Value) -> R<Clock> {
    match v.as_int().and_then(|i| i.to_i64()).and_then(|i| libc::clockid_t::try_from(i).ok()) {
        Some(number) => Ok(Clock(number)),
        None => {
            let got = vm.class_name(v);
            Err(vm.type_error(format!("clk_id should be integer, not {got}")))
        }
    }
}

fn seconds_of(vm: &mut Vm, a: Args<'_>, ask: fn(Clock) -> std::io::Result<i128>) -> R {
    let clock = clock(vm, &a.pos[0])?;
    let ns = asked(vm, ask(clock))?;
    float(vm, as_seconds(ns))
}

fn set(vm: &mut Vm, clock: Clock, seconds: i64, nanoseconds: i64) -> R {
    clock.set(seconds, nanoseconds).map_err(|e| os_error(vm, &e, None))?;
    Ok(Value::NONE)
}

fn clock_settime(vm: &mut Vm, a: Args<'_>) -> R {
    let clock = clock(vm, &a.pos[0])?;
    let Some(x) = a.pos[1].as_float() else {
        let seconds = vm.index_i64(&a.pos[1])?;
        return set(vm, clock, seconds, 0);
    };
    if x.is_nan() {
        return Err(vm.value_error("Invalid value NaN (not a number)"));
    }
    if x.abs() >= 9.2e9 {
        return Err(vm.overflow_error("timestamp too large to convert to C PyTime_t"));
    }
    let whole = x.floor();
    set(vm, clock, whole as i64, ((x - whole) * 1e9) as i64)
}

fn clock_settime_ns(vm: &mut Vm, a: Args<'_>) -> R {
    let clock = clock(vm, &a.pos[0])?;
    let ns = vm.index_i64(&a.pos[1])?;
    set(vm, clock, ns.div_euclid(1_000_000_000), ns.rem_euclid(1_000_000_000))
}

fn get_clock_info(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(name) = a.pos[0].downcast::<Str>() else {
        let got = vm.argument_class(&a.pos[0]);
        return Err(vm.type_error(format!("get_clock_info() argument 1 must be str, not {got}")));
    };
    let Some(&(_, clock, system, monotonic)) = KINDS.iter().find(|kind| Some(kind.0) == name.as_ascii()) else {
        return Err(vm.value_error("unknown clock"));
    };
    let resolution = asked(vm, clock.resolution())?;
    let class = vm.types().simple_namespace.clone();
    let info: Value = vm.heap.alloc(&class, Instance).into();
    for (key, v) in [
        ("implementation", vm.new_str(&format!("clock_gettime({system})"))),
        ("monotonic", Value::bool(monotonic)),
        ("adjustable", Value::bool(!monotonic)),
        ("resolution", Float::value(&vm.heap, as_seconds(resolution))),
    ] {
        let key = vm.intern(key);
        vm.set_attr(&info, &key, v)?;
    }
    Ok(info)
}
