#!/usr/bin/env python3
"""Run many programs under CPython, without a start of the interpreter for each.

    serve.py

Reads a line for each program: its path, where its output goes, and `trace` or
`run`, with tabs between them.  The program runs in a process of its own, a
copy of this one: as by `record.py`, with its standard output in OUTPUT.stdout,
its standard error in OUTPUT.stderr, and for `trace` its events in OUTPUT.trace.
Then a line with its exit status is written (negative: the number of the signal
that ended it; `timeout` where it has taken too long).  Ends with its input.
"""

import os
import signal
import sys

import record

LIMIT = 20  # seconds that a program may take


def take_place(path, output, kind):
    """What makes this process look like a fresh one, about to run a program."""
    for number, mode, file in ((0, os.O_RDONLY, os.devnull),
                               (1, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, output + ".stdout"),
                               (2, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, output + ".stderr")):
        opened = os.open(file, mode, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(os.path.dirname(path))
    events = [] if kind == "trace" else ["--events", ""]
    sys.argv = [record.__file__, *events, "--output", output + ".trace", os.path.basename(path)]


def wait(child):
    """The exit status of a process as text; it is killed if it takes too long."""
    def kill(number, frame):
        os.kill(child, signal.SIGKILL)
        nonlocal late
        late = True

    late = False
    before = signal.signal(signal.SIGALRM, kill)
    signal.alarm(LIMIT)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
    return "timeout" if late else str(status)


child = None
for line in iter(sys.stdin.readline, ""):
    request = line.rstrip("\n").split("\t")
    child = os.fork()
    if child == 0:
        take_place(*request)
        break
    print(wait(child), flush=True)

if child == 0:
    sys.exit(record.main())
