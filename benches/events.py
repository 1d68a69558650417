#!/usr/bin/env python3
"""What an event costs in execmon and in CPython 3.13: nanoseconds more than without a tool.

    cargo build --release && benches/events.py

With callbacks in C that count: by `execmon_register_callback`, in CPython as a fastcall function, in Lua 5.4, where it is
installed, as a hook (lines, calls, returns and instructions of its own program, benches/workload.lua).  With a callback in
Python that does nothing: by `sys.monitoring` in both.  The last line is the whole time of the program with all events into
one C callback, in microseconds a pass, divided by CPython's with the same.

Each kind of event is measured alone, in processes that alternate between the interpreters and with runs without a tool; the
figures are medians.  All count the events of the same program, benches/workload.py; INSTRUCTION has different numbers of
them, because the instructions differ.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import sysconfig
import tempfile

# The import below must not leave files behind.
sys.dont_write_bytecode = True

from interpreters import EXECMON, HERE, compile_c, find_cpython, library_flags, lua_flags, say_what_is_missing

ALL = ("PY_START,PY_RESUME,PY_RETURN,PY_YIELD,CALL,C_RETURN,C_RAISE,LINE,INSTRUCTION,JUMP,BRANCH,STOP_ITERATION,RAISE,"
       "EXCEPTION_HANDLED,PY_UNWIND,PY_THROW,RERAISE")
# Events, and Lua's hook for about the same.
IN_C = {
    "LINE": ("LINE", "line"),
    "PY_START": ("PY_START", "call"),
    "PY_RETURN": ("PY_RETURN", "return"),
    "CALL, C_RETURN": ("CALL,C_RETURN,C_RAISE", None),
    "BRANCH": ("BRANCH", None),
    "JUMP": ("JUMP", None),
    "INSTRUCTION": ("INSTRUCTION", "count"),
    "all": (ALL, None),
}
IN_PYTHON = {"LINE, in Python": "LINE", "PY_START, in Python": "PY_START", "PY_RETURN, in Python": "PY_RETURN"}
UNDER_CPYTHON = """
import sys, time
sys.path.insert(0, sys.argv[1])
import cpython_events as c
source, events, passes = sys.argv[2:]
namespace = {"__name__": "bench"}
exec(compile(open(source).read(), source, "exec"), namespace)
M, mask = sys.monitoring, 0
M.use_tool_id(3, "events")
for name in [] if events == "none" else events.split(","):
    M.register_callback(3, getattr(M.events, name), c.on_event)
    mask |= getattr(M.events, name)
M.set_events(3, mask)
namespace["main"]()
c.take_count()
start = time.process_time_ns()
for _ in range(int(passes)):
    namespace["main"]()
print(c.take_count(), time.process_time_ns() - start)
"""


class Events:
    """The commands that run the workload under a tool, but for events and passes."""

    def __init__(self, python, folder, runs, passes):
        self.runs, self.passes = runs, passes
        workload = str(HERE / "workload.py")
        compile_c("events.c", folder / "events", library_flags())
        include = subprocess.check_output([python, "-c", "import sysconfig; print(sysconfig.get_path('include'))"], text=True)
        module = folder / f"cpython_events{sysconfig.get_config_var('SHLIB_SUFFIX')}"
        compile_c("cpython_events.c", module, ["-shared", "-fPIC", f"-I{include.strip()}"])
        self.in_c = [str(folder / "events"), workload], [python, "-c", UNDER_CPYTHON, str(folder), workload]
        script = [str(HERE / "python_events.py"), workload]
        self.in_python = [str(EXECMON), "run", *script], [python, *script]
        self.lua = None
        if lua_flags():
            compile_c("lua_events.c", folder / "lua_events", lua_flags())
            self.lua = [str(folder / "lua_events"), str(HERE / "workload.lua")]

    def measure(self, command, events):
        return map(int, subprocess.check_output([*command, events, str(self.passes)], text=True).split())

    def extra(self, commands, events):
        """For each command the median of the nanoseconds that an event costs."""
        columns = [[] for _ in commands]
        for _ in range(self.runs):
            for command, column in zip(commands, columns):
                _, plain = self.measure(command, "none")
                count, watched = self.measure(command, events)
                column.append((watched - plain) / count)
        return [statistics.median(column) for column in columns]

    def extra_in_c(self, title):
        """Of execmon and CPython, and of Lua or None."""
        events, hook = IN_C[title]
        ours, theirs = self.extra(self.in_c, events)
        lua = self.extra([self.lua], hook)[0] if hook and self.lua else None
        return ours, theirs, lua

    def extra_in_python(self, title):
        return self.extra(self.in_python, IN_PYTHON[title])

    def whole(self):
        """Microseconds of a pass with all events into one C callback, of execmon and CPython."""
        columns = ([], [])
        for _ in range(self.runs):
            for command, column in zip(self.in_c, columns):
                _, watched = self.measure(command, ALL)
                column.append(watched / self.passes / 1000)
        return [statistics.median(column) for column in columns]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--python", help="CPython 3.13 (default: as benches/compare.py finds it)")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--passes", type=int, default=40)
    options = parser.parse_args()
    python = options.python or find_cpython()
    say_what_is_missing("Lua")
    with tempfile.TemporaryDirectory() as folder:
        events = Events(python, pathlib.Path(folder), options.runs, options.passes)
        print(f"{'events':21} {'execmon':>10} {'CPython':>10} {'ratio':>7} {'Lua':>10}"
              f"   (ns an event, medians of {options.runs})")
        for title in IN_C:
            ours, theirs, lua = events.extra_in_c(title)
            print(f"{title:21} {ours:10.1f} {theirs:10.1f} {ours / theirs:7.2f}" + (f" {lua:10.1f}" if lua else ""))
        for title in IN_PYTHON:
            ours, theirs = events.extra_in_python(title)
            print(f"{title:21} {ours:10.1f} {theirs:10.1f} {ours / theirs:7.2f}")
        ours, theirs = events.whole()
        print(f"{'all, whole time':21} {ours:10.1f} {theirs:10.1f} {ours / theirs:7.2f}   (us a pass)")


if __name__ == "__main__":
    main()
