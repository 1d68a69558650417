#!/usr/bin/env python3
"""Times the programs of benches/programs/ under execmon, CPython 3.13 and what else is installed, in turns.

    cargo build --release && benches/compare.py [--rounds N] [--require NAME=RATIO]... [NAME...]

Each round runs every program once under each interpreter, as a process of its own, so that a slow moment of the machine
meets all.  Printed are the medians of processor time (user and system) in milliseconds, start-up included, and
ours divided by CPython's; the same of each interpreter's start-up alone (`empty`); and the most memory that was resident
at a time, in MB, ours divided by CPython's.  Processor time, because others may use the machine too.  Memory is
measured by GNU time, because a child of this process would count what this process holds; without it the columns are
empty.  The last columns are the times of the system's python3.11 and of PyPy divided by CPython 3.13's, where they are
installed; `-` where one cannot run a program.  Fails when a program prints something else under execmon than under
CPython, and when a `--require` is not met.
"""

import argparse
import pathlib
import resource
import statistics
import subprocess
import sys

# The import below must not leave files behind.
sys.dont_write_bytecode = True

from interpreters import EXECMON, HERE, find_cpython, others, say_what_is_missing

PROGRAMS = HERE / "programs"
EMPTY = PROGRAMS / "startup" / "empty.py"
GNU_TIME = pathlib.Path("/usr/bin/time")


def timed(command, may_fail=False):
    """Milliseconds of processor time and output of a run; None for the time if it failed and may."""
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True)
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    elapsed = (end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime) * 1000
    if done.returncode != 0:
        if may_fail:
            return None, done.stderr
        sys.exit(f"compare.py: {' '.join(map(str, command))} ended with {done.returncode}\n{done.stderr}")
    return elapsed, done.stdout


def peak_memory(command):
    """The most resident memory of a run, in MB; None without GNU time."""
    if not GNU_TIME.exists():
        return None
    done = subprocess.run([str(GNU_TIME), "--format=%M", *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(done.stderr.split()[-1]) / 1024


class Suite:
    """Times and memory of programs under execmon, CPython and the others."""

    def __init__(self, programs, rounds, execmon=EXECMON, beside=True):
        self.programs = [EMPTY, *programs]
        self.others = others() if beside else {}
        commands = {"execmon": [str(execmon), "run"], "CPython": [find_cpython()]}
        self.commands = commands | {title: [command] for title, command in self.others.items()}
        self.wrong = []
        times = {}
        for _ in range(rounds):
            for program in self.programs:
                outputs = {}
                for title, command in self.commands.items():
                    elapsed, outputs[title] = timed([*command, str(program)], title in self.others)
                    if elapsed is not None:
                        times.setdefault((title, program.stem), []).append(elapsed)
                if outputs["execmon"] != outputs["CPython"] and program.stem not in self.wrong:
                    self.wrong.append(program.stem)
                    print(f"{program.stem}: execmon prints {outputs['execmon']!r}, CPython {outputs['CPython']!r}",
                          file=sys.stderr)
        self.times = {key: statistics.median(column) for key, column in times.items()}
        self.memory = {}
        for program in self.programs:
            for title in ("execmon", "CPython"):
                self.memory[title, program.stem] = peak_memory([*self.commands[title], str(program)])

    def ratio(self, name, title="execmon"):
        """The time of a program divided by CPython's; None if it cannot be run."""
        time = self.times.get((title, name))
        return None if time is None else time / self.times["CPython", name]

    def memory_ratio(self, name):
        ours, theirs = self.memory["execmon", name], self.memory["CPython", name]
        return None if None in (ours, theirs) else ours / theirs

    def names(self):
        """The programs without the empty one."""
        return [program.stem for program in self.programs if program != EMPTY]

    def geometric_mean(self, ratio):
        """Over the programs for which there is a ratio; None if there is none."""
        found = [r for r in map(ratio, self.names()) if r is not None]
        return statistics.geometric_mean(found) if found else None


def cell(value, width, digits):
    return " " * (width - 1) + "-" if value is None else f"{value:{width}.{digits}f}"


def requirement(text):
    name, _, ratio = text.partition("=")
    return name, float(ratio)


def programs(names=()):
    """The programs of these names; without any, all."""
    return [PROGRAMS / f"{name}.py" for name in names] or sorted(PROGRAMS.glob("*.py"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--execmon", default=EXECMON, type=pathlib.Path)
    parser.add_argument("--require", action="append", default=[], type=requirement, metavar="NAME=RATIO",
                        help="fail unless NAME takes at most RATIO times CPython's time")
    parser.add_argument("names", nargs="*", help="programs to run (all)")
    options = parser.parse_args()
    if not options.execmon.exists():
        sys.exit(f"compare.py: {options.execmon} is not there; run cargo build --release")
    say_what_is_missing("python3.11", "PyPy")
    suite = Suite(programs(options.names), options.rounds, options.execmon)

    titles = "".join(f"{title:>12}" for title in suite.others)
    print(f"{'program':16} {'execmon':>9} {'CPython':>9}   ratio   {'MB':>6} {'CPython':>9}   ratio{titles}"
          f"   (medians of {options.rounds}, ms)")
    for name in [EMPTY.stem, *suite.names()]:
        time, memory = ([table[title, name] for title in ("execmon", "CPython")] for table in (suite.times, suite.memory))
        beside = "".join(cell(suite.ratio(name, title), 12, 2) for title in suite.others)
        print(f"{name:16} {time[0]:9.1f} {time[1]:9.1f}  {suite.ratio(name):6.2f}"
              f"   {cell(memory[0], 6, 1)} {cell(memory[1], 9, 1)}  {cell(suite.memory_ratio(name), 6, 2)}{beside}")
    means = [suite.geometric_mean(suite.ratio), suite.geometric_mean(suite.memory_ratio)]
    beside = "".join(cell(suite.geometric_mean(lambda name: suite.ratio(name, title)), 12, 2) for title in suite.others)
    print(f"{'geometric mean':36}  {cell(means[0], 6, 2)}   {'without ' + EMPTY.stem:>16}  {cell(means[1], 6, 2)}{beside}")
    ratios = {name: suite.ratio(name) for name in [EMPTY.stem, *suite.names()]}
    unmet = [f"{name}: {ratios.get(name, float('inf')):.2f} > {ratio}" for name, ratio in options.require
             if ratios.get(name, float("inf")) > ratio]
    for line in unmet:
        print(f"required ratio not met: {line}", file=sys.stderr)
    sys.exit(1 if suite.wrong or unmet else 0)


if __name__ == "__main__":
    main()
