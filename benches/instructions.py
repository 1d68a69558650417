#!/usr/bin/env python3
"""Counts, by callgrind, the machine instructions of a pass over benches/workload.py: nothing is paid for what is off.

    cargo build --release --example monitored && benches/instructions.py

A pass must take the same number of instructions (within 0.1 %) with no tool, with a tool that has callbacks and no
events, with one whose events have been switched off again, and with one that has disabled every location.  The first
two passes of each run warm up and are not counted; benches/monitored.rs says what a run does.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOLERANCE = 0.001
MODES = ["none", "registered", "off", "disabled"]


def count(program, mode, workload):
    """Instructions of the measured pass, and how many callbacks ran before it and in it."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "callgrind.out"
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--toggle-collect=measured_pass", f"--callgrind-out-file={out}",
             str(program), mode, str(workload)],
            capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"instructions.py: {mode} ended with {done.returncode}\n{done.stderr}")
        total = re.search(r"^(?:totals|summary): (\d+)", out.read_text(), re.MULTILINE)
        before, during = map(int, done.stdout.split())
        return int(total.group(1)), before, during


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=HERE.parent / "target" / "release" / "examples" / "monitored",
                        type=pathlib.Path)
    parser.add_argument("--workload", default=HERE / "workload.py", type=pathlib.Path)
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("instructions.py: valgrind is not installed")
    if not options.program.exists():
        sys.exit(f"instructions.py: {options.program} is not there; run cargo build --release --example monitored")
    wrong = []
    base = None
    print(f"{'tool':12} {'instructions':>14} {'difference':>11} {'callbacks before':>17} {'in the pass':>12}")
    for mode in MODES:
        instructions, before, during = count(options.program, mode, options.workload)
        base = base or instructions
        difference = instructions / base - 1
        print(f"{mode:12} {instructions:14,} {difference:+10.4%} {before:17,} {during:12,}")
        if abs(difference) > TOLERANCE:
            wrong.append(f"{mode}: {difference:+.4%}")
        if during:
            wrong.append(f"{mode}: {during} callbacks ran in the measured pass")
        if mode in ("off", "disabled") and not before:
            wrong.append(f"{mode}: no event fired before the measured pass, so it shows nothing")
    for line in wrong:
        print(f"instructions.py: {line}", file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
