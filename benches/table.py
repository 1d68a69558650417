#!/usr/bin/env python3
"""All figures of the project's speed in one table: what is to be reached and what this machine gives.

    cargo build --release --bins --lib --example monitored && benches/table.py [--quick]

Runs what the other scripts of this folder measure: compare.py, events.py, cover.py, instructions.py --suite and abi.py, which
say how.  It takes half an hour; with --quick, which leaves out what is counted by callgrind and has fewer rounds, some
minutes.  CPython 3.13 is 1 where a figure has no unit.
"""

import argparse
import pathlib
import shutil
import sys
import tempfile

# The imports below must not leave files behind.
sys.dont_write_bytecode = True

import abi
import cover
import instructions
from compare import EMPTY, Suite, programs
from events import IN_C, Events
from interpreters import HERE, compile_c, find_cpython, library_flags

MONITORED = HERE.parent / "target" / "release" / "examples" / "monitored"


class Table:
    def __init__(self):
        print(f"{'what':58} {'reach':>8} {'here':>9}", flush=True)

    def row(self, what, reach, here, unit="", note="", digits=2):
        met = "" if here <= reach else "  missed"
        print(f"{what:58} {f'{reach} {unit}'.strip():>8} {f'{here:.{digits}f} {unit}'.strip():>9}{met}{note}", flush=True)


def suite_rows(table, scripts, rounds):
    suite = Suite(scripts, rounds, beside=False)
    ratios = {name: suite.ratio(name) for name in suite.names()}
    worst = max(ratios, key=ratios.get)
    table.row("time over the suite, nothing watched, geometric mean", 0.5, suite.geometric_mean(suite.ratio))
    table.row("worst single program", 1.0, ratios[worst], note=f"  {worst}")
    table.row("start-up of an empty script", 0.2, suite.ratio(EMPTY.stem))
    memory = suite.geometric_mean(suite.memory_ratio)
    if memory:
        table.row("peak memory, geometric mean", 0.8, memory)


def event_rows(table, folder, runs):
    events = Events(find_cpython(), folder, runs, 40)
    for title in IN_C:
        if title != "all":
            ours, theirs, _ = events.extra_in_c(title)
            table.row(f"{title}, C callback: extra time of an event", 0.3, ours / theirs,
                      note=f"  {ours:.1f} ns, CPython {theirs:.1f} ns")
    ours, theirs = events.extra_in_python("LINE, in Python")
    table.row("LINE, Python callback: extra time of an event", 0.5, ours / theirs,
              note=f"  {ours:.1f} ns, CPython {theirs:.1f} ns")
    ours, theirs = events.whole()
    table.row("all events into one C callback: whole time", 0.3, ours / theirs)


def steady_rows(table, scripts):
    worst = dict.fromkeys(instructions.STEADY, (0.0, ""))
    for name, found in instructions.steady(MONITORED, scripts):
        for mode, (ratio, _) in found.items():
            worst[mode] = max(worst[mode], (ratio, name))
    titles = {"lines": "line coverage with DISABLE, steady: instructions, worst",
              "unheard": "events set without a callback: instructions, worst"}
    for mode, (ratio, name) in worst.items():
        table.row(titles[mode], 1.001, ratio, note=f"  {name}", digits=4)


def abi_rows(table, folder):
    program = folder / "abi"
    compile_c("abi.c", program, library_flags())
    found = abi.figures(program)
    value = lambda name: found[name][0]
    table.row("foreign fire point, active, one C callback", 5, value("active_fire_point"), "ns", digits=1)
    table.row("set_events with 10,000 idle code objects", 1000, value("set_events"), "ns", digits=0)
    table.row("arming a function of 53 instructions for LINE", 200, value("arm_function"), "ns",
              note=f"  {value('arm_function_first'):.0f} ns the first time", digits=0)
    table.row("bytes for arming such a function", 100, value("armed_memory"), "", digits=0,
              note=f"  {value('memory_without_tools'):.0f} kept when no tool is in use")
    if shutil.which("objdump"):
        print("foreign fire point, inactive: " + "; ".join(abi.machine_code(program)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    table, scripts = Table(), programs()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        suite_rows(table, scripts, 3 if options.quick else 7)
        event_rows(table, folder, 5 if options.quick else 9)
        ratios = cover.ratios(scripts, 3 if options.quick else 9)
        worst = max(ratios, key=ratios.get)
        table.row("cover --branch against run, start-up apart, geometric mean", 1.03, cover.geometric_mean(ratios.values()),
                  note=f"  worst {ratios[worst]:.2f}, {worst}", digits=3)
        if not options.quick:
            steady_rows(table, scripts)
        abi_rows(table, folder)


if __name__ == "__main__":
    main()
