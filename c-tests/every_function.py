#!/usr/bin/env python3
"""Fails unless the C tests try every function of the header: its success, and each status that its comment names.

usage: every_function.py HEADER TESTS...

A test tries a status where a check of check.h names it and the function in one statement, such as
`FAILS(EXECMON_STATUS_VALUE, "invalid tool", execmon_get_events(...))`.  Failures that every function has in common (NULL,
a handle that is none, a wrong thread) are asked for where the comment names them; fuzz.c and stress.c try the rest.
"""

import re
import sys


# Gives the status of another call; has no success of its own.
NO_SUCCESS = {"execmon_error_status"}


def functions(header):
    """Every declared function with its comment and whether it returns a status."""
    for comment, returns, name in re.findall(
        r"/\*\*((?:(?!\*/).)*)\*/\n([a-z_0-9 ]+?[ *]+)(execmon_[a-z_0-9]+)\(", header, re.S
    ):
        yield name, comment, returns.strip() == "execmon_status"


def statements(sources):
    for source in sources:
        text = re.sub(r"/\*.*?\*/", " ", source, flags=re.S)
        yield from (re.sub(r"\s+", " ", s) for s in re.split(r"[;{}]", text))


def main():
    with open(sys.argv[1]) as file:
        header = file.read()
    sources = [open(path).read() for path in sys.argv[2:]]
    found = list(statements(sources))
    missing, count = [], 0
    for name, comment, has_status in functions(header):
        count += 1
        mine = [s for s in found if re.search(rf"\b{name}\b *\(", s) or re.search(rf"\b{name}\b", s) and "CASE" in s]
        if not mine:
            missing.append(f"{name} is not called")
            continue
        if not has_status:
            continue
        if name not in NO_SUCCESS and not any(re.search(r"\bOK\(|EXECMON_OK\b", s) for s in mine):
            missing.append(f"{name}: success is not tried")
        # What is said of its own failures, not of another function's.
        named = set(re.findall(r"EXECMON_STATUS_[A-Z_]+", " ".join(re.findall(r"Fails with .*", comment, re.S))))
        tried = {status for s in mine for status in re.findall(r"EXECMON_STATUS_[A-Z_]+", s)}
        for status in sorted(named - tried):
            missing.append(f"{name}: {status} is not tried")
        if not tried:
            missing.append(f"{name}: no failure is tried")
    for line in missing:
        print(line)
    print(f"{count} functions, {len(missing)} gaps")
    if count < 80:
        print("too few functions found in the header")
        missing.append("")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
