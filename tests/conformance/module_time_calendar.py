"""`time`: tuples of moments, texts of them, clocks, and what is refused.  Nothing here depends on the machine's time zone."""
import time


def shown(f):
    try:
        return f()
    except (TypeError, ValueError, OverflowError, OSError) as e:
        return f"{type(e).__name__}: {e}"


for seconds in (0, 951827696, 1720000000.9, -1, -1e9, 2**40):
    utc = time.gmtime(seconds)
    print(tuple(utc), utc.tm_zone, utc.tm_gmtoff, time.asctime(utc))
    print(time.strftime("%Y-%m-%d %H:%M:%S %j %U %W %a %A %b %B %G-W%V-%u %w %y %C %e %I %p %D %T %R %z %Z %%", utc))
    print(time.mktime(time.localtime(seconds)) == seconds // 1, time.ctime(seconds) == time.asctime(time.localtime(seconds)))

local = (2024, 7, 1, 12, 0, 0, 0, 183, -1)
print(time.mktime((2024, 13, 40, 25, 61, 61, 0, 0, -1)) > time.mktime(local))
print(time.strftime("%-d %5Y %Q %é %", time.gmtime(0)), repr(time.strftime("", local)))
print(time.strftime("%d/%m", (2024, 0, 0, 0, 0, 0, 0, 0, 0)), time.asctime((-5,) + (1,) * 8))

for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
    info = time.get_clock_info(name)
    print(name, info.implementation, info.monotonic, info.adjustable, info.resolution <= 1e-6)
for f in (time.time, time.monotonic, time.perf_counter, time.process_time, time.thread_time):
    first = f()
    print(f.__name__, first.__class__.__name__, f() >= first)
for f in (time.time_ns, time.monotonic_ns, time.perf_counter_ns, time.process_time_ns, time.thread_time_ns):
    first = f()
    print(f.__name__, first.__class__.__name__, f() >= first)
print(time.clock_gettime_ns(time.CLOCK_REALTIME) >= time.time_ns() - 10**9, time.clock_getres(time.CLOCK_MONOTONIC) <= 1e-6)

for f in (
    lambda: time.gmtime("x"),
    lambda: time.gmtime(float("nan")),
    lambda: time.gmtime(float("inf")),
    lambda: time.gmtime(2**63),
    lambda: time.gmtime(2**56),
    lambda: time.mktime((1, 2)),
    lambda: time.mktime(5),
    lambda: time.mktime((10**30,) * 9),
    lambda: time.mktime((2**40,) + (1,) * 8),
    lambda: time.mktime((1.5,) + (1,) * 8),
    lambda: time.asctime((1, 2)),
    lambda: time.asctime((2024, 13, 1, 0, 0, 0, 0, 0, 0)),
    lambda: time.asctime((2024, 1, 32, 0, 0, 0, 0, 0, 0)),
    lambda: time.asctime((2024, 1, 1, 24, 0, 0, 0, 0, 0)),
    lambda: time.asctime((2024, 1, 1, 0, 60, 0, 0, 0, 0)),
    lambda: time.asctime((2024, 1, 1, 0, 0, 62, 0, 0, 0)),
    lambda: time.asctime((2024, 1, 1, 0, 0, 0, -2, 1, 0)),
    lambda: time.asctime((2024, 1, 1, 0, 0, 0, 0, 367, 0)),
    lambda: time.strftime(5),
    lambda: time.strftime("%c", (1, 2)),
    lambda: time.strftime("a\0b", time.gmtime(0)),
    lambda: time.clock_gettime("a"),
    lambda: time.clock_gettime(99),
    lambda: time.clock_getres(99),
    lambda: time.clock_settime(99, 1),
    lambda: time.clock_settime(time.CLOCK_MONOTONIC, "x"),
    lambda: time.get_clock_info("x"),
    lambda: time.get_clock_info(3),
    lambda: time.sleep(-1),
):
    print(shown(f))
