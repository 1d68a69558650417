#!/usr/bin/env python3
"""What an event costs with a callback in C that counts: nanoseconds more than without, in execmon and in CPython 3.13.

    cargo build --release && benches/events.py

Each kind of event is measured alone, in processes that alternate between the two and with runs without a tool; the
figures are medians.  Both count the events of the same program, benches/workload.py; INSTRUCTION has different numbers
of them, because the instructions differ.
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

from compare import find_cpython

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
KINDS = {
    "LINE": "LINE",
    "PY_START": "PY_START",
    "PY_RETURN": "PY_RETURN",
    "CALL, C_RETURN": "CALL,C_RETURN,C_RAISE",
    "BRANCH": "BRANCH",
    "JUMP": "JUMP",
    "INSTRUCTION": "INSTRUCTION",
    "all": "PY_START,PY_RESUME,PY_RETURN,PY_YIELD,CALL,C_RETURN,C_RAISE,LINE,INSTRUCTION,JUMP,BRANCH,STOP_ITERATION,RAISE,"
    "EXCEPTION_HANDLED,PY_UNWIND,PY_THROW,RERAISE",
}
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


def build(python, folder):
    """Compiles both sides; the commands that run them, but for events and passes."""
    ours = folder / "events"
    library = ROOT / "target" / "release" / "libexecmon.a"
    if not library.exists():
        sys.exit(f"events.py: {library} is not there; run cargo build --release")
    subprocess.run(["cc", "-O2", f"-I{ROOT / 'include'}", str(HERE / "events.c"), "-o", str(ours), str(library),
                    "-lm", "-lpthread", "-ldl"], check=True)
    include = subprocess.check_output([python, "-c", "import sysconfig; print(sysconfig.get_path('include'))"], text=True)
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", f"-I{include.strip()}", str(HERE / "cpython_events.c"), "-o",
                    str(folder / f"cpython_events{sysconfig.get_config_var('SHLIB_SUFFIX')}")], check=True)
    workload = str(HERE / "workload.py")
    return [str(ours), workload], [python, "-c", UNDER_CPYTHON, str(folder), workload]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--python", help="CPython 3.13 (default: as benches/compare.py finds it)")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--passes", type=int, default=40)
    options = parser.parse_args()
    python = options.python or find_cpython()
    with tempfile.TemporaryDirectory() as folder:
        commands = build(python, pathlib.Path(folder))
        print(f"{'events':16} {'execmon':>10} {'CPython':>10} {'ratio':>7}   (ns an event, medians of {options.runs})")
        for title, events in KINDS.items():
            extra = ([], [])
            for _ in range(options.runs):
                for command, figures in zip(commands, extra):
                    _, plain = measure(command, "none", options.passes)
                    count, watched = measure(command, events, options.passes)
                    figures.append((watched - plain) / count)
            ours, theirs = map(statistics.median, extra)
            print(f"{title:16} {ours:10.1f} {theirs:10.1f} {ours / theirs:7.2f}")


def measure(command, events, passes):
    return map(int, subprocess.check_output([*command, events, str(passes)], text=True).split())


if __name__ == "__main__":
    main()
