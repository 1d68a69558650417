"""Runs one program of pyperformance in this process: `run.py PROGRAM [FOLDER OF THE STANDARD LIBRARY]`."""

import sys

program = sys.argv[1]
folder = program[: program.rindex("/")]
sys.path[:0] = [sys.path.pop(0), folder]
sys.path += sys.argv[2:]
sys.argv = [program]
namespace = {"__name__": "__main__", "__file__": program, "__builtins__": __builtins__}
with open(program) as file:
    source = file.read()
exec(compile(source, program, "exec"), namespace)
