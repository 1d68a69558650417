#!/usr/bin/env python3
"""Counts, by callgrind, the machine instructions of four passes over benches/workload.py: nothing is paid for what is off.

    cargo build --release --example monitored && benches/instructions.py
    benches/instructions.py --suite [NAME...]

Our own code must take the same number of instructions (within 0.1 %) with no tool, with a tool that has callbacks and no
events, with one whose events have been switched off again, and with one that has disabled every location.  The first
two passes of each run warm up and are not counted; benches/monitored.rs says what a run does.  What malloc and the rest of
the C library take is printed and not compared: it depends on where the tool's own objects lie in the heap.

With --suite the same for each program of benches/programs/, one pass behind one that warms up: coverage of lines whose
callback returns DISABLE, and all local events set without a callback.  That takes some ten minutes.
"""

import argparse
import collections
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# The import below must not leave files behind.
sys.dont_write_bytecode = True

from compare import programs
from interpreters import HERE

TOLERANCE = 0.001
MODES = ["none", "registered", "off", "disabled"]
# Of --suite; what is printed above their columns.
STEADY = {"lines": "lines, DISABLE", "unheard": "no callback"}


def count(program, mode, workload, *passes):
    """Instructions of the measured passes, in all and in the program itself, and how many callbacks ran before and in
    them."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "callgrind.out"
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--toggle-collect=measured_pass", f"--callgrind-out-file={out}",
             str(program), mode, str(workload), *map(str, passes)],
            capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"instructions.py: {mode} ended with {done.returncode}\n{done.stderr}")
        by_object = objects(out.read_text())
        before, during = map(int, done.stdout.split())
        return sum(by_object.values()), by_object[str(program.resolve())], before, during


def objects(profile):
    """Instructions by object file, from callgrind's output: a line of costs belongs to the `ob=` before it, but behind
    `calls=` it is what the callee cost."""
    names, costs = {}, collections.Counter()
    current, of_callee = None, False
    for line in profile.splitlines():
        name = re.match(r"c?ob=\((\d+)\)(?: (.+))?", line)
        if name:
            names.setdefault(name[1], name[2])
            if not line.startswith("c"):
                current = names[name[1]]
        elif line.startswith("calls="):
            of_callee = True
        elif cost := re.match(r"[+*-]?\d*\s(?:[+*-]?\d*\s)?(\d+)$", line):
            if not of_callee:
                costs[current] += int(cost[1])
            of_callee = False
    return costs


def steady(program, scripts):
    """For each script, by mode: our own instructions of a pass divided by those without a tool, and the callbacks in it."""
    for script in scripts:
        _, base, _, _ = count(program, "none", script, 1, 1)
        found = {}
        for mode in STEADY:
            _, own, _, during = count(program, mode, script, 1, 1)
            found[mode] = own / base, during
        yield script.stem, found


def suite(program, scripts):
    print(f"{'program':16}" + "".join(f"{title:>16}" for title in STEADY.values()) + "   (own instructions against no tool)")
    worst = {}
    for name, found in steady(program, scripts):
        print(f"{name:16}" + "".join(f"{ratio:16.5f}" for ratio, _ in found.values()), flush=True)
        for mode, (ratio, during) in found.items():
            if during:
                sys.exit(f"instructions.py: {name}, {mode}: {during} callbacks ran in the measured pass")
            worst[mode] = max(worst.get(mode, ratio), ratio)
    print(f"{'worst':16}" + "".join(f"{ratio:16.5f}" for ratio in worst.values()))
    sys.exit(1 if any(ratio > 1 + TOLERANCE for ratio in worst.values()) else 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=HERE.parent / "target" / "release" / "examples" / "monitored",
                        type=pathlib.Path)
    parser.add_argument("--workload", default=HERE / "workload.py", type=pathlib.Path)
    parser.add_argument("--suite", action="store_true", help="count the programs of benches/programs/")
    parser.add_argument("names", nargs="*", help="with --suite, programs (all)")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("instructions.py: valgrind is not installed")
    if not options.program.exists():
        sys.exit(f"instructions.py: {options.program} is not there; run cargo build --release --example monitored")
    if options.suite:
        suite(options.program, programs(options.names))
    wrong = []
    bases = None
    print(f"{'tool':12} {'instructions':>14} {'difference':>11} {'our own':>14} {'difference':>11} "
          f"{'callbacks before':>17} {'in the passes':>14}")
    for mode in MODES:
        total, own, before, during = count(options.program, mode, options.workload)
        bases = bases or (total, own)
        overall, difference = total / bases[0] - 1, own / bases[1] - 1
        print(f"{mode:12} {total:14,} {overall:+11.4%} {own:14,} {difference:+11.4%} {before:17,} {during:14,}")
        if abs(difference) > TOLERANCE:
            wrong.append(f"{mode}: {difference:+.4%}")
        if during:
            wrong.append(f"{mode}: {during} callbacks ran in the measured passes")
        if mode in ("off", "disabled") and not before:
            wrong.append(f"{mode}: no event fired before the measured pass, so it shows nothing")
    for line in wrong:
        print(f"instructions.py: {line}", file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
