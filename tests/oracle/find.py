#!/usr/bin/env python3
"""Finds the CPython 3.13 that is the oracle; as a program it prints its path, or fails.

It is the one that $EXECMON_CPYTHON names, or the first of: pyenv's 3.13.0, which made the recordings; the interpreter that
runs this; `python3.13` on the PATH; another 3.13 of pyenv.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

WANTED = (3, 13)


def version_of(python):
    """The version of a CPython such as `3.13.0`; None for anything else and for what does not run."""
    question = "import sys; print(sys.implementation.name, '%d.%d.%d' % sys.version_info[:3])"
    try:
        answer = subprocess.run([python, "-c", question], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    name, _, version = answer.stdout.strip().partition(" ")
    return version if name == "cpython" else None


def is_wanted(python):
    """Whether `python` runs and is CPython 3.13."""
    version = version_of(python)
    return version is not None and tuple(map(int, version.split(".")[:2])) == WANTED


def find_python():
    """Path of a CPython 3.13, or None."""
    named = os.environ.get("EXECMON_CPYTHON")
    if named:
        # Whoever names one wants that one and no other.
        return named if is_wanted(named) else None
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [versions / "3.13.0/bin/python3.13", sys.executable, shutil.which("python3.13")]
    found += sorted(versions.glob("3.13*/bin/python3.13"))
    return next((str(path) for path in found if path and is_wanted(str(path))), None)


if __name__ == "__main__":
    python = find_python()
    if python is None:
        sys.exit("find.py: no CPython 3.13 found; name one in $EXECMON_CPYTHON")
    print(python)
