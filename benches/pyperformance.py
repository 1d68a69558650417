#!/usr/bin/env python3
"""Times the pure-Python programs of PyPI's `pyperformance` under execmon, CPython 3.13 and what else is installed.

    benches/pyperformance.py --fetch        downloads pyperformance by pip into target/pyperformance, which git ignores
    benches/pyperformance.py [NAME...]

A program runs as a process of its own, with benches/pyperformance/pyperf.py in the place of `pyperf`: one run that warms up and
three that are timed (processor time; start-up and imports apart).  What it returns must be the same under both.  execmon
has no standard library: programs that import one get, behind its own modules, those in Python of the folder `--library`, by
default the CPython's that it is compared with.  Some of them need that of 3.14 (dataclasses, whose annotations are another
matter since).  For each program that does not run the last line of what it said is printed.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys

# The import below must not leave files behind.
sys.dont_write_bytecode = True

from interpreters import EXECMON, HERE, find_cpython, others, say_what_is_missing

VERSION = "1.14.0"
FOLDER = HERE.parent / "target" / "pyperformance"
BENCHMARKS = FOLDER / f"pyperformance-{VERSION}" / "pyperformance" / "data-files" / "benchmarks"
# What a program needs that is not Python code: then it measures something else than an interpreter.
NEEDS = {
    "packages from PyPI": "chameleon coverage crypto_pyaes dask django_template docutils dulwich_log fastapi genshi hg_startup "
                          "html5lib mako networkx sphinx sqlalchemy_declarative sqlalchemy_imperative sqlglot_v2 sympy "
                          "tomli_loads tornado_http xdsl yaml asyncio_websockets",
    "processes, sockets or threads": "2to3 asyncio_tcp concurrent_imap python_startup async_tree",
    "extension modules": "sqlite_synth xml_etree",
}
# Runs that must not take longer.
LIMIT = 120


def fetch():
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", ":all:", "--dest", str(FOLDER),
                    f"pyperformance=={VERSION}"], check=True)
    subprocess.run(["tar", "xzf", str(FOLDER / f"pyperformance-{VERSION}.tar.gz"), "-C", str(FOLDER)], check=True)


def run(command):
    """Nanoseconds and output, or None and why not."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return None, f"took more than {LIMIT} s"
    said = done.stderr.splitlines()
    times = [int(line.split()[1]) for line in said if line.startswith("nanoseconds ")]
    if done.returncode or not times:
        return None, (said or ["nothing"])[-1]
    return sum(times), done.stdout


def left_out():
    return {name: why for why, names in NEEDS.items() for name in names.split()}


def all_programs():
    found = sorted(folder.name.removeprefix("bm_") for folder in BENCHMARKS.glob("bm_*") if (folder / "run_benchmark.py").exists())
    return [name for name in found if name not in left_out()]


def commands(library=None):
    python = find_cpython()
    library = library or subprocess.check_output([python, "-c", "import os; print(os.path.dirname(os.__file__))"], text=True).strip()
    script = str(HERE / "pyperformance" / "run.py")
    found = {"execmon": ([str(EXECMON), "run", script], [library]), "CPython": ([python, script], [])}
    return found | {title: ([command, script], []) for title, command in others().items()}


def measure(names, rounds, library=None):
    """For each program by interpreter the median in milliseconds, or why not; and whether outputs differ."""
    for name in names:
        program = str(BENCHMARKS / f"bm_{name}" / "run_benchmark.py")
        medians, outputs = {}, {}
        for title, (front, behind) in commands(library).items():
            times = []
            for _ in range(rounds):
                time, outputs[title] = run([*front, program, *behind])
                if time is None:
                    break
                times.append(time / 1e6)
            medians[title] = statistics.median(times) if len(times) == rounds else outputs[title]
        both = all(isinstance(medians[title], float) for title in ("execmon", "CPython"))
        yield name, medians, both and outputs["execmon"] != outputs["CPython"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fetch", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--library", help="folder of a standard library for execmon (default: CPython 3.13's)")
    parser.add_argument("names", nargs="*", help="programs to run (all that need no more than Python)")
    options = parser.parse_args()
    if options.fetch:
        return fetch()
    if not BENCHMARKS.exists():
        sys.exit("pyperformance.py: run benches/pyperformance.py --fetch first")
    say_what_is_missing("python3.11", "PyPy")
    beside = list(others())
    print(f"{'program':26} {'execmon':>9} {'CPython':>9}   ratio" + "".join(f"{title:>12}" for title in beside)
          + f"   (medians of {options.rounds}, ms)")
    ratios, not_run, wrong = [], [], []
    for name, medians, differs in measure(options.names or all_programs(), options.rounds, options.library):
        if differs:
            wrong.append(name)
        ours, theirs = medians["execmon"], medians["CPython"]
        if not (isinstance(ours, float) and isinstance(theirs, float)):
            not_run.append(f"{name}: {ours if isinstance(ours, str) else 'CPython: ' + str(theirs)}")
            continue
        ratios.append(ours / theirs)
        others_of = (medians[title] for title in beside)
        print(f"{name:26} {ours:9.1f} {theirs:9.1f}  {ours / theirs:6.2f}"
              + "".join(f"{time / theirs:12.2f}" if isinstance(time, float) else f"{'-':>12}" for time in others_of), flush=True)
    if ratios:
        print(f"geometric mean of {len(ratios)}: {statistics.geometric_mean(ratios):.2f}, worst {max(ratios):.2f}")
    print("\n".join(["not run:", *(f"    {line}" for line in not_run)] if not_run else []))
    for why in NEEDS:
        print(f"left out, for they need {why}: {NEEDS[why]}")
    for name in wrong:
        print(f"pyperformance.py: {name} returns something else than under CPython", file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
