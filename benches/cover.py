#!/usr/bin/env python3
"""What `execmon cover --branch` costs against `execmon run`, start-up apart, over the programs of benches/programs/.

    cargo build --release && benches/cover.py [--rounds N] [NAME...]

Processor time of processes that alternate between the two; from each median the same command's time for an empty script is
taken away.
"""

import argparse
import os
import sys
from statistics import geometric_mean, median

# The import below must not leave files behind.
sys.dont_write_bytecode = True

from compare import EMPTY, programs, timed
from interpreters import EXECMON

COMMANDS = {
    "run": [str(EXECMON), "run"],
    "cover": [str(EXECMON), "cover", "--branch", "--format", "json", "--output", os.devnull],
}


def ratios(scripts, rounds):
    """For each program what covering it takes, divided by what running it takes."""
    times = {}
    for _ in range(rounds):
        for script in [EMPTY, *scripts]:
            for title, command in COMMANDS.items():
                times.setdefault((title, script.stem), []).append(timed([*command, str(script)])[0])
    medians = {key: median(column) for key, column in times.items()}
    work = lambda title, name: medians[title, name] - medians[title, EMPTY.stem]
    return {script.stem: work("cover", script.stem) / work("run", script.stem) for script in scripts}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("names", nargs="*", help="programs to run (all)")
    options = parser.parse_args()
    found = ratios(programs(options.names), options.rounds)
    for name, ratio in found.items():
        print(f"{name:16} {ratio:6.3f}")
    print(f"geometric mean   {geometric_mean(found.values()):6.3f}, worst {max(found.values()):.3f}"
          f"   (cover --branch / run, medians of {options.rounds})")


if __name__ == "__main__":
    main()
