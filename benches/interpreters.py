"""What the measurements compare with: which interpreters there are on this machine, and what to install for the others."""

import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
EXECMON = HERE.parent / "target" / "release" / "execmon"
LIBRARY = HERE.parent / "target" / "release" / "libexecmon.a"


def find_cpython():
    """The CPython 3.13 that the tests compare with."""
    found = subprocess.run([sys.executable, HERE.parent / "tests/oracle/find.py"], stdout=subprocess.PIPE, text=True)
    if found.returncode:
        sys.exit(1)
    return found.stdout.strip()


def others():
    """The interpreters beside CPython 3.13 that are installed, by title: the system's own CPython 3.11 and PyPy."""
    commands = {"python3.11": pathlib.Path("/usr/bin/python3.11"), "PyPy": shutil.which("pypy3")}
    return {title: str(command) for title, command in commands.items() if command and pathlib.Path(command).exists()}


def say_what_is_missing(*wanted):
    """Names the Debian packages of what could be measured too and is not there."""
    packages = {"python3.11": "python3.11", "PyPy": "pypy3", "Lua": "lua5.4 liblua5.4-dev"}
    there = set(others())
    if lua_flags():
        there.add("Lua")
    missing = [packages[title] for title in wanted if title not in there]
    if missing:
        print(f"not measured; on Debian: apt-get install {' '.join(missing)}", file=sys.stderr)


def lua_flags():
    """How a C program is compiled with Lua 5.4; None where it is not installed."""
    header = pathlib.Path("/usr/include/lua5.4/lua.h")
    return [f"-I{header.parent}", "-llua5.4", "-lm", "-ldl"] if header.exists() else None


def library_flags():
    """How a C program is compiled with this library."""
    if not LIBRARY.exists():
        sys.exit(f"{LIBRARY} is not there; run cargo build --release")
    return [f"-I{HERE.parent / 'include'}", str(LIBRARY), "-lm", "-lpthread", "-ldl"]


def compile_c(source, to, flags):
    """Compiles a program of this folder."""
    subprocess.run(["cc", "-O2", str(HERE / source), "-o", str(to), *flags], check=True)
