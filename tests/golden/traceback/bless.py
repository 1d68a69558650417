"""Records the tracebacks CPython prints for the programs in programs.txt.

Usage: python3.13 tests/golden/traceback/bless.py   (from anywhere; writes expected.jsonl beside itself)

programs.txt holds programs separated by lines of four dashes; each ends in an uncaught exception.  Each line of
expected.jsonl is [chain, text]: the exceptions, oldest first, with their frames as co_positions() has them, and
what CPython writes on standard error.  A program whose first line is "# no columns" is recorded without them.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback

here = pathlib.Path(__file__).parent


def frames(tb):
    found = []
    while tb is not None:
        code = tb.tb_frame.f_code
        if code.co_filename == "t.py":
            line, end_line, column, end_column = list(code.co_positions())[tb.tb_lasti // 2]
            found.append([code.co_filename, code.co_name, tb.tb_lineno, end_line, column, end_column])
        tb = tb.tb_next
    return found


def section(e, link):
    cls = type(e)
    name = cls.__qualname__
    if cls.__module__ not in ("builtins", "__main__"):
        name = f"{cls.__module__}.{name}"
    display = None
    if isinstance(e, SyntaxError) and e.lineno is not None:
        display = "".join(traceback.TracebackException.from_exception(e).format_exception_only())
    group = None
    if isinstance(e, BaseExceptionGroup):
        group = [chain(member) for member in e.exceptions]
    return {
        "link": link,
        "frames": None if e.__traceback__ is None else frames(e.__traceback__),
        "type_name": name,
        "message": str(e),
        "display": display,
        "notes": [str(note) for note in getattr(e, "__notes__", [])],
        "group": group,
    }


def chain(e):
    found = []
    while e is not None:
        if e.__cause__ is not None:
            link, before = "cause", e.__cause__
        elif e.__context__ is not None and not e.__suppress_context__:
            link, before = "context", e.__context__
        else:
            link, before = None, None
        found.append(section(e, link))
        e = before
    return found[::-1]


programs = (here / "programs.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n----\n")
os.chdir(tempfile.mkdtemp())
path = pathlib.Path("t.py")
with open(here / "expected.jsonl", "w", encoding="utf-8") as out:
    for program in programs:
        path.write_text(program + "\n", encoding="utf-8")
        options = ["-X", "no_debug_ranges"] if program.startswith("# no columns") else []
        run = subprocess.run([sys.executable, *options, "t.py"], capture_output=True, encoding="utf-8")
        assert run.returncode == 1, (program, run.stderr)
        text = run.stderr.replace(str(path.resolve()), "t.py")
        recorded = None
        try:
            exec(compile(program + "\n", "t.py", "exec"), {"__name__": "__main__"})
        except BaseException as e:
            recorded = chain(e)
        if options:
            for part in recorded:
                for frame in part["frames"]:
                    frame[3:] = [frame[2], None, None]
        out.write(json.dumps([recorded, text], ensure_ascii=False) + "\n")
