//! `time`: clocks, sleeping, and the calendar.
//!
//! Calendar and time zone are those of the C library, as in CPython.

mod clocks;
mod system;

use std::ffi::{CString, OsStr, c_int};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::time::Duration;

use super::struct_sequence as seq;
use super::{add_functions, new, set};
use crate::builtins::modules::posix::fd::os_error;
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::{Args, R, Vm};
use system::Moment;

const TABLE: &[Def] = &[
    def("asctime", 0, 1, asctime),
    def("ctime", 0, 1, ctime),
    def("gmtime", 0, 1, |vm, a| time_tuple(vm, a, Moment::utc)),
    def("localtime", 0, 1, |vm, a| time_tuple(vm, a, Moment::local)),
    def("mktime", 1, 1, mktime),
    def("sleep", 1, 1, sleep),
    def("strftime", 1, 2, strftime),
    def("strptime", 1, 2, strptime),
    def("tzset", 0, 0, tzset),
];

const FIELDS: &[&str] =
    &["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"];
const HIDDEN: &[&str] = &["tm_zone", "tm_gmtoff"];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "time", TABLE);
    add_functions(vm, &m.dict, "time", clocks::TABLE);
    let class = new_struct_time(vm);
    set(vm, &m.dict, "struct_time", class.into());
    set(vm, &m.dict, "_STRUCT_TM_ITEMS", Value::from_len(FIELDS.len() + HIDDEN.len()));
    for &(name, number) in clocks::NUMBERS {
        set(vm, &m.dict, name, Value::int_unchecked(number.into()));
    }
    set_zone(vm, &m);
    Ok(m)
}

/// What a moment lacks of the machine's time zone is that of UTC.
fn zone_at(seconds: i64) -> (CString, i64) {
    let moment = Moment::local(seconds).ok();
    moment.and_then(|m| Some((m.zone?, m.offset))).unwrap_or((c"UTC".into(), 0))
}

/// `timezone`, `altzone`, `daylight` and `tzname`: the zone in winter and in summer of this year.
fn set_zone(vm: &mut Vm, m: &Ref<Module>) {
    const YEAR: i64 = (365 * 24 + 6) * 3600;
    let january = clocks::now() / YEAR * YEAR;
    let (mut winter, mut summer) = (zone_at(january), zone_at(january + YEAR / 2));
    if winter.1 > summer.1 {
        std::mem::swap(&mut winter, &mut summer);
    }
    set(vm, &m.dict, "timezone", Value::int_unchecked(-winter.1));
    set(vm, &m.dict, "altzone", Value::int_unchecked(-summer.1));
    set(vm, &m.dict, "daylight", Value::int_unchecked((winter.1 != summer.1).into()));
    let names = [winter.0, summer.0].map(|name| text(vm, name.as_bytes()));
    let names: Value = Tuple::new(&vm.heap, names).into();
    set(vm, &m.dict, "tzname", names);
}

fn tzset(vm: &mut Vm, _: Args<'_>) -> R {
    system::renew_zone();
    let module = vm.modules.get_str(&vm.intern("time"));
    if let Some(m) = module.as_ref().and_then(|m| m.downcast::<Module>()) {
        set_zone(vm, m);
    }
    Ok(Value::NONE)
}

fn sleep(vm: &mut Vm, a: Args<'_>) -> R {
    let seconds = match a.pos[0].as_float() {
        Some(x) => x,
        None => vm.index_i64(&a.pos[0])? as f64,
    };
    if seconds.is_nan() {
        return Err(vm.value_error("Invalid value NaN (not a number)"));
    }
    if seconds < 0.0 {
        return Err(vm.value_error("sleep length must be non-negative"));
    }
    match Duration::try_from_secs_f64(seconds) {
        Ok(d) => vm.sleep(d)?,
        Err(_) => return Err(vm.overflow_error("timestamp too large to convert to C PyTime_t")),
    }
    Ok(Value::NONE)
}

/// A text of the C library.
fn text(vm: &Vm, bytes: &[u8]) -> Value {
    Str::from_system(&vm.heap, OsStr::from_bytes(bytes)).into()
}

/// A text for the C library; None where it has a NUL, or a lone surrogate that stands for no byte.
fn c_text(s: &Str) -> Option<CString> {
    CString::new(s.to_system()?.into_vec()).ok()
}

fn seconds_of(vm: &mut Vm, v: Option<&Value>) -> R<i64> {
    let Some(v) = v.filter(|v| !v.is_none()) else { return Ok(clocks::now()) };
    let seconds = match v.as_float() {
        Some(x) if x.is_nan() => return Err(vm.value_error("Invalid value NaN (not a number)")),
        // Doubles up to 2**63, which itself is too large.
        Some(x) => Some(x.floor())
            .filter(|x| (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(x))
            .map(|x| x as i64),
        None => {
            let i = vm.index(v)?;
            i.as_int().and_then(|i| i.to_i64())
        }
    };
    seconds.ok_or_else(|| vm.overflow_error("timestamp out of range for platform time_t"))
}

fn struct_time(vm: &mut Vm) -> R<Ref<Type>> {
    let module = vm.modules.get_str(&vm.intern("time"));
    let class = module
        .as_ref()
        .and_then(|m| m.downcast::<Module>())
        .and_then(|m| m.dict.get_str(&vm.intern("struct_time")))
        .and_then(|c| c.downcast::<Type>().cloned());
    match class {
        Some(c) => Ok(c),
        None => Ok(new_struct_time(vm)),
    }
}

fn new_struct_time(vm: &mut Vm) -> Ref<Type> {
    let layout = seq::Layout { module: "time", name: "struct_time", fields: FIELDS, hidden: HIDDEN, creatable: true };
    seq::make_class(vm, layout)
}

fn moment(vm: &mut Vm, seconds: Option<&Value>, find: fn(i64) -> std::io::Result<Moment>) -> R<Moment> {
    let seconds = seconds_of(vm, seconds)?;
    find(seconds).map_err(|e| os_error(vm, &e, None))
}

fn time_tuple(vm: &mut Vm, a: Args<'_>, find: fn(i64) -> std::io::Result<Moment>) -> R {
    let moment = moment(vm, a.get(0), find)?;
    let class = struct_time(vm)?;
    let items = moment.fields.map(|n| Value::int_unchecked(n.into())).to_vec();
    let zone = moment.zone.map_or(Value::NONE, |zone| text(vm, zone.as_bytes()));
    let hidden = [("tm_zone", zone), ("tm_gmtoff", Value::int_unchecked(moment.offset))];
    Ok(seq::make_with_hidden(vm, &class, items, &hidden))
}

/// A field of a time tuple: a C int.
fn field(vm: &mut Vm, v: &Value) -> R<c_int> {
    let n = vm.index(v)?;
    let Some(n) = n.as_int().and_then(|n| n.to_i64()) else {
        return Err(vm.overflow_error("Python int too large to convert to C long"));
    };
    c_int::try_from(n).map_err(|_| {
        let limit = if n < 0 { "less than minimum" } else { "greater than maximum" };
        vm.overflow_error(format!("signed integer is {limit}"))
    })
}

/// The moment of a time tuple.
fn given(vm: &mut Vm, v: &Value, function: &str) -> R<Moment> {
    let Some(t) = v.downcast::<Tuple>().cloned() else {
        return Err(vm.type_error("Tuple or struct_time argument required"));
    };
    if t.len() != FIELDS.len() {
        return Err(vm.type_error(format!("{function}(): illegal time tuple argument")));
    }
    let mut fields = [0; FIELDS.len()];
    for (slot, v) in fields.iter_mut().zip(t.iter()) {
        *slot = field(vm, v)?;
    }
    if fields[0] < c_int::MIN + 1900 {
        return Err(vm.overflow_error("year out of range"));
    }
    let mut moment = Moment { fields, zone: None, offset: 0 };
    let class = struct_time(vm)?;
    if v.class(&vm.heap).is(&class) {
        let (zone, offset) = (vm.intern("tm_zone"), vm.intern("tm_gmtoff"));
        let zone = vm.get_attr(v, &zone)?;
        moment.zone = zone.downcast::<Str>().and_then(|s| c_text(s));
        let offset = vm.get_attr(v, &offset)?;
        if !offset.is_none() {
            moment.offset = vm.index_i64(&offset)?;
        }
    }
    Ok(moment)
}

/// Refuses fields that the C library does not look at before it uses them.
fn check(vm: &mut Vm, moment: &mut Moment) -> R<()> {
    let f = &mut moment.fields;
    // Zero stands for the first month, day of the month and day of the year.
    for i in [1, 2, 7] {
        f[i] += c_int::from(f[i] == 0);
    }
    let limits = [
        (1, 1..=12, "month"),
        (2, 1..=31, "day of month"),
        (3, 0..=23, "hour"),
        (4, 0..=59, "minute"),
        (5, 0..=61, "seconds"),
        (6, -1..=c_int::MAX, "day of week"),
        (7, 1..=366, "day of year"),
    ];
    for (i, range, name) in limits {
        if !range.contains(&f[i]) {
            return Err(vm.value_error(format!("{name} out of range")));
        }
    }
    f[8] = f[8].clamp(-1, 1);
    Ok(())
}

fn mktime(vm: &mut Vm, a: Args<'_>) -> R {
    let moment = given(vm, &a.pos[0], "mktime")?;
    match moment.seconds() {
        Some(seconds) => super::math::float(vm, seconds as f64),
        None => Err(vm.overflow_error("mktime argument out of range")),
    }
}

/// `asctime(3)` with years of any length.
fn date_text(vm: &Vm, f: &[c_int; 9]) -> Value {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (day, month) = (DAYS[f[6].rem_euclid(7) as usize], MONTHS[(f[1] - 1).rem_euclid(12) as usize]);
    vm.new_str(&format!("{day} {month} {:2} {:02}:{:02}:{:02} {}", f[2], f[3], f[4], f[5], f[0]))
}

fn asctime(vm: &mut Vm, a: Args<'_>) -> R {
    let mut m = match a.get(0) {
        Some(v) => given(vm, v, "asctime")?,
        None => moment(vm, None, Moment::local)?,
    };
    check(vm, &mut m)?;
    Ok(date_text(vm, &m.fields))
}

fn ctime(vm: &mut Vm, a: Args<'_>) -> R {
    let m = moment(vm, a.get(0), Moment::local)?;
    Ok(date_text(vm, &m.fields))
}

fn strftime(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(format) = a.pos[0].downcast::<Str>() else {
        let got = vm.argument_class(&a.pos[0]);
        return Err(vm.type_error(format!("strftime() argument 1 must be str, not {got}")));
    };
    let mut m = match a.get(1) {
        Some(v) => given(vm, v, "strftime")?,
        None => moment(vm, None, Moment::local)?,
    };
    check(vm, &mut m)?;
    let Some(format) = c_text(format) else {
        return Err(vm.value_error("embedded null character"));
    };
    vm.check_memory(format.count_bytes().checked_mul(256))?;
    Ok(text(vm, &m.format(&format)))
}

/// The library in Python does it.
fn strptime(vm: &mut Vm, a: Args<'_>) -> R {
    let (module, function) = (vm.intern("_strptime"), vm.intern("_strptime_time"));
    let module = vm.import_module(&module)?;
    let function = vm.get_attr(&module, &function)?;
    vm.call(&function, a.pos)
}
