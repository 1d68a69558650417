#!/usr/bin/env python3
"""What monitoring costs a host through the C ABI (benches/abi.c), in nanoseconds and bytes.

    cargo build --release && benches/abi.py

The fire points of execmon_fire.h, idle and with one callback; set_events with 10,000 registered code objects of which one is
running; registering a code object of 53 locations and renewing it after a change; entering a Python function of some 53
instructions that must be armed first (for the first time, and again) against entering it armed; the bytes that arming takes,
and those that stay when no tool wants anything any more and when none is in use.  Then the machine code of an idle fire point in an interpreter's loop.
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
    """The instructions of the fire point in a loop: from the load of the armed byte to the branch."""
    text = subprocess.check_output(["objdump", "-d", "--no-show-raw-insn", "--disassemble=fire_points", str(program)], text=True)
    found = [re.sub(r"\s+", " ", i) for i in re.findall(r"^\s+[0-9a-f]+:\s+(.+)$", text, re.MULTILINE)]
    begin = next(n for n, instruction in enumerate(found) if re.match(r"(movzbl|testb|ldrb)", instruction))
    end = next(n for n, instruction in enumerate(found) if n > begin and re.match(r"j[^m]|b\.|cb|tb", instruction))
    return found[begin:end + 1]


def main():
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "abi"
        compile_c("abi.c", program, library_flags())
        for name, (value, unit) in figures(program).items():
            print(f"{name:20} {value:10.2f} {unit}")
        print("an idle fire point in a loop:")
        print("\n".join(f"    {instruction}" for instruction in machine_code(program)))


if __name__ == "__main__":
    main()
