#!/usr/bin/env python3
"""Times the programs of benches/programs/ under execmon and under CPython 3.13, in turns.

    cargo build --release && benches/compare.py [--rounds N] [--require NAME=RATIO]... [NAME...]

Each round runs every program once under each interpreter, as a process of its own, so that a slow moment of the machine
meets both.  Printed are the medians of processor time (user and system) in milliseconds, start-up included, and
CPython's divided by ours; the same of each interpreter's start-up alone (`empty`); and the most memory that was resident
at a time, in MB, ours divided by CPython's.  Processor time, because others may use the machine too.  Memory is
measured by GNU time, because a child of this process would count what this process holds; without it the columns are
empty.  Fails when a program prints something else under execmon than under CPython, and when a `--require` is not met.
"""

import argparse
import pathlib
import resource
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE / "programs"
GNU_TIME = pathlib.Path("/usr/bin/time")


def find_cpython():
    """The CPython 3.13 that the tests compare with."""
    found = subprocess.run([sys.executable, HERE.parent / "tests/oracle/find.py"], stdout=subprocess.PIPE, text=True)
    if found.returncode:
        sys.exit(1)
    return found.stdout.strip()


def timed(command):
    """Milliseconds of processor time and output of a run that must succeed."""
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True)
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    elapsed = (end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime) * 1000
    if done.returncode != 0:
        sys.exit(f"compare.py: {' '.join(map(str, command))} ended with {done.returncode}\n{done.stderr}")
    return elapsed, done.stdout


def peak_memory(command):
    """The most resident memory of a run, in MB; None without GNU time."""
    if not GNU_TIME.exists():
        return None
    done = subprocess.run([str(GNU_TIME), "--format=%M", *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(done.stderr.split()[-1]) / 1024


def requirement(text):
    name, _, ratio = text.partition("=")
    return name, float(ratio)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--execmon", default=HERE.parent / "target" / "release" / "execmon", type=pathlib.Path)
    parser.add_argument("--require", action="append", default=[], type=requirement, metavar="NAME=RATIO",
                        help="fail unless NAME runs at least RATIO times as fast as under CPython")
    parser.add_argument("names", nargs="*", help="programs to run (all)")
    options = parser.parse_args()
    if not options.execmon.exists():
        sys.exit(f"compare.py: {options.execmon} is not there; run cargo build --release")
    programs = sorted(PROGRAMS.glob("*.py"))
    if options.names:
        programs = [PROGRAMS / f"{name}.py" for name in options.names]
    cpython = find_cpython()
    ours, theirs = [str(options.execmon), "run"], [cpython]

    empty = PROGRAMS / "startup" / "empty.py"
    times = {}
    wrong = []
    for _ in range(options.rounds):
        for program in [empty, *programs]:
            our_time, our_output = timed([*ours, str(program)])
            their_time, their_output = timed([*theirs, str(program)])
            times.setdefault(program.stem, []).append((our_time, their_time))
            if our_output != their_output and program.stem not in wrong:
                wrong.append(program.stem)
                print(f"{program.stem}: execmon prints {our_output!r}, CPython {their_output!r}", file=sys.stderr)

    print(f"{'program':16} {'execmon':>9} {'CPython':>9}   ratio   {'MB':>6} {'CPython':>9}   ratio"
          f"   (medians of {options.rounds}, ms)")
    ratios, sizes = {}, {}
    for program in [empty, *programs]:
        name = program.stem
        our_median, their_median = (statistics.median(column) for column in zip(*times[name]))
        ratios[name] = their_median / our_median if our_median else float("inf")
        line = f"{name:16} {our_median:9.1f} {their_median:9.1f}  {ratios[name]:6.2f}"
        memory = peak_memory([*ours, str(program)]), peak_memory([*theirs, str(program)])
        if None not in memory:
            sizes[name] = memory[0] / memory[1]
            line += f"   {memory[0]:6.1f} {memory[1]:9.1f}  {sizes[name]:6.2f}"
        print(line)
    geometric = statistics.geometric_mean(ratio for name, ratio in ratios.items() if name != empty.stem)
    line = f"geometric mean without {empty.stem}: {geometric:.2f}"
    if sizes:
        line += f", memory {statistics.geometric_mean(ratio for name, ratio in sizes.items() if name != empty.stem):.2f}"
    print(line)
    unmet = [f"{name}: {ratios.get(name, 0):.2f} < {ratio}" for name, ratio in options.require
             if ratios.get(name, 0) < ratio]
    for line in unmet:
        print(f"required ratio not met: {line}", file=sys.stderr)
    sys.exit(1 if wrong or unmet else 0)


if __name__ == "__main__":
    main()
