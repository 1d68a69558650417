//! `time`: clocks, sleeping, and calendar time in UTC.
//!
//! Local time is UTC: the library reads no time zone from the machine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::math::{float, real};
use super::struct_sequence as seq;
use super::{new, set};
use crate::object::function::Module;
use crate::object::header::Ref;
use crate::object::number::BigInt;
use crate::object::sequence::Tuple;
use crate::object::str::Str;
use crate::object::types::Type;
use crate::object::value::Value;
use crate::vm::native::{Def, def};
use crate::vm::{Args, R, Vm};

const TABLE: &[Def] = &[
    def("asctime", 0, 1, asctime),
    def("ctime", 0, 1, ctime),
    def("gmtime", 0, 1, |vm, a| time_tuple(vm, a, "GMT")),
    // Local time is UTC here.
    def("localtime", 0, 1, |vm, a| time_tuple(vm, a, "UTC")),
    def("mktime", 1, 1, mktime),
    def("monotonic", 0, 0, monotonic),
    def("monotonic_ns", 0, 0, monotonic_ns),
    def("perf_counter", 0, 0, monotonic),
    def("perf_counter_ns", 0, 0, monotonic_ns),
    def("process_time", 0, 0, process_time),
    def("process_time_ns", 0, 0, process_time_ns),
    def("sleep", 1, 1, sleep),
    def("strftime", 1, 2, strftime),
    def("time", 0, 0, time),
    def("time_ns", 0, 0, time_ns),
];

const FIELDS: &[&str] =
    &["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub fn module(vm: &mut Vm) -> R<Ref<Module>> {
    let m = new(vm, "time", TABLE);
    let class = new_struct_time(vm);
    set(vm, &m.dict, "struct_time", class.into());
    for name in ["timezone", "altzone", "daylight"] {
        set(vm, &m.dict, name, Value::int_unchecked(0));
    }
    let utc = [vm.new_str("UTC"), vm.new_str("UTC")];
    let names: Value = Tuple::new(&vm.heap, utc).into();
    set(vm, &m.dict, "tzname", names);
    Ok(m)
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Time since the first question.
fn since_start() -> Duration {
    use once_cell::race::OnceBox;
    use std::time::Instant;
    static START: OnceBox<Instant> = OnceBox::new();
    START.get_or_init(|| Box::new(Instant::now())).elapsed()
}

fn nanoseconds(vm: &Vm, d: Duration) -> R {
    Ok(BigInt::from_i128(&vm.heap, d.as_nanos() as i128))
}

fn time(vm: &mut Vm, _: Args<'_>) -> R {
    float(vm, now().as_secs_f64())
}

fn time_ns(vm: &mut Vm, _: Args<'_>) -> R {
    nanoseconds(vm, now())
}

fn monotonic(vm: &mut Vm, _: Args<'_>) -> R {
    float(vm, since_start().as_secs_f64())
}

fn monotonic_ns(vm: &mut Vm, _: Args<'_>) -> R {
    nanoseconds(vm, since_start())
}

/// Time that the process spent on processors, as the system accounts it.
fn cpu_time() -> Duration {
    // `utime` and `stime` of /proc/self/stat, in ticks of 10 ms; elsewhere elapsed time stands for it.
    let ticks = std::fs::read_to_string("/proc/self/stat").ok().and_then(|s| {
        let rest = s.rsplit_once(')')?.1.to_string();
        let mut fields = rest.split_whitespace().skip(11);
        Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
    });
    ticks.map_or_else(since_start, |t| Duration::from_millis(t * 10))
}

fn process_time(vm: &mut Vm, _: Args<'_>) -> R {
    float(vm, cpu_time().as_secs_f64())
}

fn process_time_ns(vm: &mut Vm, _: Args<'_>) -> R {
    nanoseconds(vm, cpu_time())
}

fn sleep(vm: &mut Vm, a: Args<'_>) -> R {
    let seconds = real(vm, &a.pos[0])?;
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

/// Days since 1970-01-01 of a date of the Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a number of days since 1970-01-01.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let m = (5 * of_year + 2) / 153;
    let month = if m < 10 { m + 3 } else { m - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, of_year - (153 * m + 2) / 5 + 1)
}

/// The nine fields of a moment in UTC.
fn fields(seconds: i64) -> [i64; 9] {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (y, m, d) = civil_from_days(days);
    let of_year = days - days_from_civil(y, 1, 1) + 1;
    [y, m, d, rest / 3600, rest / 60 % 60, rest % 60, (days + 3).rem_euclid(7), of_year, 0]
}

fn seconds_of(vm: &mut Vm, v: Option<&Value>) -> R<i64> {
    let Some(v) = v.filter(|v| !v.is_none()) else {
        return Ok(now().as_secs() as i64);
    };
    let x = real(vm, v)?.floor();
    // Years of more than nine digits are out of range for the C library too.
    if x.abs() < 6.0e16 { Ok(x as i64) } else { Err(vm.overflow_error("timestamp out of range for platform time_t")) }
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
    let hidden = &["tm_zone", "tm_gmtoff"];
    let layout = seq::Layout { module: "time", name: "struct_time", fields: FIELDS, hidden, creatable: true };
    seq::make_class(vm, layout)
}

fn time_tuple(vm: &mut Vm, a: Args<'_>, zone: &str) -> R {
    let seconds = seconds_of(vm, a.get(0))?;
    let class = struct_time(vm)?;
    let items = fields(seconds).map(Value::int_unchecked).to_vec();
    let zone = [("tm_zone", vm.new_str(zone)), ("tm_gmtoff", Value::int_unchecked(0))];
    Ok(seq::make_with_hidden(vm, &class, items, &zone))
}

/// The fields of a given time tuple, or of now.
fn given(vm: &mut Vm, v: Option<&Value>) -> R<[i64; 9]> {
    let Some(v) = v.filter(|v| !v.is_none()) else {
        return Ok(fields(now().as_secs() as i64));
    };
    let Some(t) = v.downcast::<Tuple>().cloned() else {
        return Err(vm.type_error("Tuple or struct_time argument required"));
    };
    if t.len() != 9 {
        return Err(vm.type_error("time tuple must have exactly 9 items"));
    }
    let mut f = [0; 9];
    for (slot, v) in f.iter_mut().zip(t.iter()) {
        *slot = vm.index_i64(v)?;
    }
    let limits = [(1, 0, 12, "month"), (2, 0, 31, "day of month"), (3, 0, 23, "hour"), (4, 0, 59, "minute")];
    for (i, low, high, name) in limits {
        if !(low..=high).contains(&f[i]) {
            return Err(vm.value_error(format!("{name} out of range")));
        }
    }
    if !(0..=61).contains(&f[5]) {
        return Err(vm.value_error("seconds out of range"));
    }
    f[1] = f[1].max(1);
    f[2] = f[2].max(1);
    f[6] = f[6].rem_euclid(7);
    Ok(f)
}

fn mktime(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(t) = a.pos[0].downcast::<Tuple>().filter(|t| t.len() == 9).cloned() else {
        return Err(vm.type_error("Tuple or struct_time argument required"));
    };
    let mut f = [0i64; 9];
    for (slot, v) in f.iter_mut().zip(t.iter()) {
        *slot = vm.index_i64(v)?;
        if slot.abs() > 1 << 40 {
            return Err(vm.overflow_error("mktime argument out of range"));
        }
    }
    let months = f[0] * 12 + f[1] - 1;
    let days = days_from_civil(months.div_euclid(12), months.rem_euclid(12) + 1, 1) + f[2] - 1;
    float(vm, (days * 86_400 + f[3] * 3600 + f[4] * 60 + f[5]) as f64)
}

fn date_text(f: &[i64; 9]) -> String {
    let (day, month) = (DAYS[f[6].rem_euclid(7) as usize], MONTHS[(f[1] - 1).rem_euclid(12) as usize]);
    format!("{} {} {:2} {:02}:{:02}:{:02} {}", &day[..3], &month[..3], f[2], f[3], f[4], f[5], f[0])
}

fn asctime(vm: &mut Vm, a: Args<'_>) -> R {
    let f = given(vm, a.get(0))?;
    Ok(vm.new_str(&date_text(&f)))
}

fn ctime(vm: &mut Vm, a: Args<'_>) -> R {
    let seconds = seconds_of(vm, a.get(0))?;
    Ok(vm.new_str(&date_text(&fields(seconds))))
}

/// ISO 8601 year and week.
fn iso_week(f: &[i64; 9]) -> (i64, i64) {
    let week = (f[7] - 1 - f[6] + 10) / 7;
    let weeks_in = |y: i64| {
        let jan1 = (days_from_civil(y, 1, 1) + 3).rem_euclid(7);
        let leap = days_from_civil(y + 1, 1, 1) - days_from_civil(y, 1, 1) == 366;
        if jan1 == 3 || (jan1 == 2 && leap) { 53 } else { 52 }
    };
    if week < 1 {
        (f[0] - 1, weeks_in(f[0] - 1))
    } else if week > weeks_in(f[0]) {
        (f[0] + 1, 1)
    } else {
        (f[0], week)
    }
}

/// `strftime` in the C locale.
fn format_time(spec: &str, f: &[i64; 9]) -> String {
    let mut out = String::new();
    let mut chars = spec.chars();
    let (day, month) = (DAYS[f[6].rem_euclid(7) as usize], MONTHS[(f[1] - 1).rem_euclid(12) as usize]);
    let hour12 = (f[3] + 11) % 12 + 1;
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('a') => out.push_str(&day[..3]),
            Some('A') => out.push_str(day),
            Some('b' | 'h') => out.push_str(&month[..3]),
            Some('B') => out.push_str(month),
            Some('c') => out.push_str(&date_text(f)),
            Some('C') => out.push_str(&format!("{:02}", f[0].div_euclid(100))),
            Some('d') => out.push_str(&format!("{:02}", f[2])),
            Some('D' | 'x') => out.push_str(&format!("{:02}/{:02}/{:02}", f[1], f[2], f[0].rem_euclid(100))),
            Some('e') => out.push_str(&format!("{:2}", f[2])),
            Some('F') => out.push_str(&format!("{}-{:02}-{:02}", f[0], f[1], f[2])),
            Some('G') => out.push_str(&iso_week(f).0.to_string()),
            Some('H') => out.push_str(&format!("{:02}", f[3])),
            Some('I') => out.push_str(&format!("{hour12:02}")),
            Some('j') => out.push_str(&format!("{:03}", f[7])),
            Some('m') => out.push_str(&format!("{:02}", f[1])),
            Some('M') => out.push_str(&format!("{:02}", f[4])),
            Some('n') => out.push('\n'),
            Some('p') => out.push_str(if f[3] < 12 { "AM" } else { "PM" }),
            Some('R') => out.push_str(&format!("{:02}:{:02}", f[3], f[4])),
            Some('s') => {
                let seconds = days_from_civil(f[0], f[1], f[2]) * 86_400 + f[3] * 3600 + f[4] * 60 + f[5];
                out.push_str(&seconds.to_string());
            }
            Some('S') => out.push_str(&format!("{:02}", f[5])),
            Some('t') => out.push('\t'),
            Some('T' | 'X') => out.push_str(&format!("{:02}:{:02}:{:02}", f[3], f[4], f[5])),
            Some('u') => out.push_str(&(f[6] + 1).to_string()),
            Some('U') => out.push_str(&format!("{:02}", (f[7] + 6 - (f[6] + 1) % 7) / 7)),
            Some('V') => out.push_str(&format!("{:02}", iso_week(f).1)),
            Some('w') => out.push_str(&((f[6] + 1) % 7).to_string()),
            Some('W') => out.push_str(&format!("{:02}", (f[7] + 6 - f[6]) / 7)),
            Some('y') => out.push_str(&format!("{:02}", f[0].rem_euclid(100))),
            Some('Y') => out.push_str(&f[0].to_string()),
            Some('z') => out.push_str("+0000"),
            Some('Z') => out.push_str("UTC"),
            Some('%') => out.push('%'),
            Some(other) => {
                out.push('%');
                out.push(other);
            }
            None => out.push('%'),
        }
    }
    out
}

fn strftime(vm: &mut Vm, a: Args<'_>) -> R {
    let Some(spec) = a.pos[0].downcast::<Str>().map(|s| s.to_string()) else {
        let name = vm.class_name(&a.pos[0]);
        return Err(vm.type_error(format!("strftime() argument 1 must be str, not {name}")));
    };
    let f = given(vm, a.get(1))?;
    Ok(vm.new_str(&format_time(&spec, &f)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_the_fields_that_cpython_gives() {
        assert_eq!(fields(0), [1970, 1, 1, 0, 0, 0, 3, 1, 0]);
        assert_eq!(fields(951_827_696), [2000, 2, 29, 12, 34, 56, 1, 60, 0]);
        assert_eq!(fields(-1), [1969, 12, 31, 23, 59, 59, 2, 365, 0]);
        assert_eq!(format_time("%G-W%V-%u %j %U %W", &fields(1_609_459_200)), "2020-W53-5 001 00 00");
        assert_eq!(date_text(&fields(0)), "Thu Jan  1 00:00:00 1970");
    }
}
