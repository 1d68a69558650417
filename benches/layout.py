#!/usr/bin/env python3
"""Writes `layout.ld`, the order in which the functions that programs run lie in the program file.

    cargo build --release && benches/layout.py

The kernel maps a file's pages in groups of 64 KB around each that is touched.  A program runs a third of the code, and where
that lay in the compiler's order nearly all of it became resident.  callgrind tells which functions the programs of
`programs/` and of `tests/conformance/` run; those that most of them run come first.  The list is a linker script for GNU ld and
lld, of patterns without the hashes of a symbol, so that it holds for other versions of the compiler, too; `build.rs`
gives it to the linker.  A function that is not in it lies behind the others, which costs memory and nothing else.
"""

import collections
import concurrent.futures
import os
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXECMON = ROOT / "target/release/execmon"
SYMBOL = re.compile(r"^c?fn=\(\d+\) (_ZN\w[\w.$]*17h[0-9a-f]{16}E|_R\w+)", re.MULTILINE)

HEAD = """\
/*
 * What `benches/layout.py` wrote: the functions that programs run, those first that most programs run.
 */
SECTIONS {
  .text : {
"""
TAIL = "    *(.text .text.*)\n  }\n}\nINSERT BEFORE .init;\n"


def pattern(symbol):
    """A symbol without the hashes that compiler and crate versions change."""
    if symbol.startswith("_R"):
        return re.sub(r"Cs[0-9A-Za-z]+_", "Cs*_", symbol)
    return re.sub(r"17h[0-9a-f]{16}E$", "17h*", symbol)


def functions(program):
    """The functions that a run of a program calls, as patterns."""
    with tempfile.TemporaryDirectory() as folder:
        counts = pathlib.Path(folder, "counts")
        subprocess.run(
            ["valgrind", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={counts}", EXECMON, "run", program],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600, check=False,
            cwd=folder,
        )
        return set(map(pattern, SYMBOL.findall(counts.read_text()))) if counts.exists() else set()


def main():
    programs = sorted(ROOT.glob("benches/programs/*.py")) + sorted(ROOT.glob("tests/conformance/*.py"))
    used = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(functions, programs):
            used.update(found)
    # What one program in a hundred runs is as rare as the rest.
    ordered = sorted((-n, name) for name, n in used.items() if n >= len(programs) / 100)
    rows = "".join(f"    *(.text*.{name})\n" for _, name in ordered)
    (ROOT / "layout.ld").write_text(HEAD + rows + TAIL)
    print(f"{len(ordered)} of {len(used)} functions of {len(programs)} programs")


if __name__ == "__main__":
    main()
