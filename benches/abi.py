#!/usr/bin/env python3
"""What monitoring costs a host through the C ABI (benches/abi.c), in nanoseconds and bytes.

    cargo build --release && benches/abi.py

The fire points of execmon_fire.h, idle and with one callback; set_events with 10,000 registered code objects of which one is
running; registering a code object of 53 locations and renewing it after a change; entering a Python function of some 53
instructions that must be armed first (for the first time, and again) against entering it armed; the bytes that arming takes,
and those that stay when no tool wants anything any more.  Then the machine code of an idle fire point.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

# The import below must not leave files behind.
sys.dont_write_bytecode = True

from interpreters import compile_c, library_flags


def figures(program):
    """Name to value."""
    lines = subprocess.check_output([str(program)], text=True).splitlines()
    return {name: (float(value), unit) for name, value, unit in map(str.split, lines)}


def machine_code(program):
    """The instructions of the function that is one fire point, up to the first return."""
    text = subprocess.check_output(["objdump", "-d", "--no-show-raw-insn", "--disassemble=inactive_fire_point", str(program)],
                                   text=True)
    found = []
    for instruction in re.findall(r"^\s+[0-9a-f]+:\s+(.+)$", text, re.MULTILINE):
        found.append(re.sub(r"\s+", " ", instruction))
        if instruction.startswith("ret"):
            break
    return found


def main():
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "abi"
        compile_c("abi.c", program, library_flags())
        for name, (value, unit) in figures(program).items():
            print(f"{name:20} {value:10.2f} {unit}")
        print("an idle fire point, up to its return:")
        print("\n".join(f"    {instruction}" for instruction in machine_code(program)))


if __name__ == "__main__":
    main()
