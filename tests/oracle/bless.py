#!/usr/bin/env python3
"""Record what CPython 3.13 does for the conformance programs.

    bless.py [--check] [--python314 COMMAND] [NAME...]

For each `tests/conformance/NAME.py` (all, if none is named) writes into
`tests/conformance/recorded/`:

    NAME.trace.jsonl   the events, see record.py, directories taken out (not for `# trace: none`)
    NAME.stdout        standard output
    NAME.stderr        standard error, directories taken out, if there is any
    NAME.status        exit status, if it is not 0

The program is run twice, plainly and under the recorder, and must do the same
in both.  A recording that ends in a traceback is refused, because that is
mostly a mistake in the program, unless the program says `# ends: traceback`.
With --check nothing is written: the status is 1 if a recording is stale.
A program that says `# python: 3.14` is recorded by a CPython 3.14 that is named
with `--python314 COMMAND`, and left as it is where there is none.
Needs CPython 3.13, as find.py finds it.  All programs are recorded by the same
release, which `recorded/python-version` names: some can be recorded by it only,
all by any.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from find import find_python, version_of

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE.parent / "conformance"
RECORDED = PROGRAMS / "recorded"
RECORDER = HERE / "record.py"
VERSION = RECORDED / "python-version"
DIRECTIVE = re.compile(r"# (args|trace|python|ends): (.*)")
TRACEBACK = b"Traceback (most recent call last):\n"


def directives(program):
    """The `# key: value` lines at the top of a program."""
    found = {}
    for line in program.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        match = DIRECTIVE.fullmatch(line)
        if match:
            found[match[1]] = match[2]
    return found


def run(command, program, arguments):
    """Run a program in its directory; (status, stdout, stderr without directories)."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment.update(PYTHONDONTWRITEBYTECODE="1", PYTHON_COLORS="0", PYTHONUTF8="1")
    done = subprocess.run(
        [*command, program.name, *arguments], cwd=program.parent, env=environment,
        capture_output=True, timeout=60, stdin=subprocess.DEVNULL,
    )
    directory = f"{program.parent}{os.sep}".encode()
    return done.returncode, done.stdout, done.stderr.replace(directory, b"")


def record(python, program):
    """What is to stand in the recorded files of one program: kind -> bytes, or None for no file."""
    said = directives(program)
    arguments = said.get("args", "").split()
    plain = run([python], program, arguments)
    status, stdout, stderr = plain
    ends_so, may_end_so = TRACEBACK in stderr, said.get("ends") == "traceback"
    if ends_so and not may_end_so:
        raise SystemExit(f"{program.name} ends in a traceback and does not say `# ends: traceback`:\n{stderr.decode()}")
    if may_end_so and not ends_so:
        raise SystemExit(f"{program.name} says `# ends: traceback` and does not end so")
    trace = None
    if said.get("trace") != "none":
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "trace"
            watched = run([python, str(RECORDER), "--output", str(output)], program, arguments)
            trace = output.read_bytes().replace(f"{program.parent}{os.sep}".encode(), b"")
        if watched != plain:
            raise SystemExit(f"{program.name} behaves differently under the recorder:\n{plain}\n{watched}")
    return {
        "trace.jsonl": trace,
        "stdout": stdout,
        "stderr": stderr or None,
        "status": f"{status}\n".encode() if status else None,
    }


def stale_kinds(name, results):
    """The kinds of files of `name` that are not as they should be."""
    stale = []
    for kind, data in results.items():
        path = RECORDED / f"{name}.{kind}"
        if (path.read_bytes() if path.exists() else None) != data:
            stale.append(kind)
    return stale


def write(name, results):
    """Write, or remove, the recorded files of one program."""
    RECORDED.mkdir(exist_ok=True)
    for kind, data in results.items():
        path = RECORDED / f"{name}.{kind}"
        if data is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(data)


def remove_orphans(names):
    """Remove recordings of programs that are no more."""
    for path in RECORDED.glob("*"):
        if path != VERSION and path.name.partition(".")[0] not in names:
            path.unlink()


def main():
    """The command line; returns the exit status."""
    arguments = sys.argv[1:]
    newer = None
    if "--python314" in arguments:
        at = arguments.index("--python314")
        newer = arguments[at + 1]
        del arguments[at:at + 2]
    check = "--check" in arguments
    chosen = [argument for argument in arguments if not argument.startswith("-")]
    python = find_python()
    if python is None:
        print("bless.py: no CPython 3.13 found", file=sys.stderr)
        return 2
    version, recorded = version_of(python), VERSION.read_text().strip() if VERSION.exists() else None
    print(f"CPython {version} at {python}; the recordings are of {recorded}")
    if chosen and not check and version != recorded:
        print("bless.py: record all programs by this release, or some by that of the others", file=sys.stderr)
        return 2
    programs = {path.stem: path for path in sorted(PROGRAMS.glob("*.py"))}
    failed = False
    for name in chosen or programs:
        is_newer = directives(programs[name]).get("python") == "3.14"
        if is_newer and newer is None:
            print(f"{name}: left as it is, needs CPython 3.14")
            continue
        results = record(newer if is_newer else python, programs[name])
        stale = stale_kinds(name, results)
        events = results["trace.jsonl"]
        print(f"{name}: {len(events.splitlines()) if events else 0} events{', stale: ' + ' '.join(stale) if stale else ''}")
        if check:
            failed |= bool(stale)
        else:
            write(name, results)
    if not check and not chosen:
        remove_orphans(programs)
        VERSION.write_text(f"{version}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
