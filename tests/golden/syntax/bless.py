"""Records what CPython says about the programs in programs.txt.

Usage: python3.13 tests/golden/syntax/bless.py   (from anywhere; writes expected.jsonl beside itself)

programs.txt holds programs separated by lines of four dashes.  Each line of expected.jsonl is null for a
program that compiles, or [exception class, msg, lineno, offset, end_lineno, end_offset, display], where display
is what the traceback module prints for the exception when the program is in the file t.py.
"""

import json
import linecache
import os
import pathlib
import tempfile
import traceback
import warnings

warnings.simplefilter("ignore")
here = pathlib.Path(__file__).parent
programs = (here / "programs.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n----\n")
os.chdir(tempfile.mkdtemp())
with open(here / "expected.jsonl", "w", encoding="utf-8") as out:
    for program in programs:
        record = None
        try:
            pathlib.Path("t.py").write_text(program + "\n", encoding="utf-8")
            linecache.clearcache()
            compile(program + "\n", "t.py", "exec")
        except SyntaxError as e:
            display = "".join(traceback.format_exception_only(e))
            record = [type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset or 0, display]
        out.write(json.dumps(record, ensure_ascii=False) + "\n")
