#!/usr/bin/env python3
"""Guards the ABI promise (docs/abi.md): compares what include/ declares with c-tests/abi_baseline.txt.

    c-tests/abi_baseline.py              fails on any difference, and says which of them break hosts that are built
    EXECMON_BLESS=1 c-tests/abi_baseline.py      writes the baseline anew where nothing breaks a host
    EXECMON_BLESS=1 c-tests/abi_baseline.py --break      also where something does: with a new major version only

The baseline has one fact a line: functions with their types, constants with their values, structures with the place and
the type of each field.  They come from the header through the C compiler (CC, or cc), so that they are the same on every
machine where a pointer has 64 bits; that the libraries export what the header declares is for abi_symbols.sh to say, and
that the header is the one of src/capi for tests/header.rs.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
INCLUDE = HERE.parent / "include"
BASELINE = HERE / "abi_baseline.txt"
COMPILER = os.environ.get("CC", "cc").split()
# Macros that are no numbers, or change with each version.
NO_CONSTANT = re.compile(r"EXECMON_(H|FIRE_H|VERSION|VERSION_NUMBER|FIRE_\w+)$")


def compiled(*options, text='#include "execmon.h"\n'):
    """What the compiler says of a source."""
    done = subprocess.run([*COMPILER, "-std=c99", f"-I{INCLUDE}", "-xc", *options, "-"], input=text, text=True,
                          stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit("abi_baseline.py: the header does not compile")
    return done.stdout


def types_only(parameters):
    """A list of parameters without their names."""
    parameters = [re.sub(r"\b\w+$", "", p.strip()).strip() if re.search(r"[\w*]\s*\b\w+$", p.strip()) else p.strip()
                  for p in parameters.split(",")]
    return "(" + ", ".join(re.sub(r"\s*\*\s*", " *", p).replace("* *", "**") for p in parameters) + ")"


def declarations():
    """The declarations of both headers: without what the system's headers have, each as one line."""
    text = compiled("-E")
    mine, keep = [], False
    for line in text.splitlines():
        if line.startswith("#"):
            place = re.match(r'# \d+ "([^"]*)"', line)
            keep = bool(place) and Path(place[1]).name in ("execmon.h", "execmon_fire.h")
        elif keep:
            mine.append(line)
    return re.sub(r"\s+", " ", " ".join(mine))


def facts():
    """The ABI as a mapping from what is declared to what is said of it."""
    text, found, structs = declarations(), {}, {}
    for name, body in re.findall(r"typedef struct (\w+) \{([^{}]*)\} \1 ?;", text):
        structs[name] = [field.strip() for field in body.split(";") if field.strip()]
    for name in re.findall(r"typedef struct (\w+) \1 ?;", text):
        found[f"handle {name}"] = "opaque"
    for result, name, parameters in re.findall(r"typedef (\w+ ?\**) ?\(\*(\w+)\)\(([^)]*)\)", text):
        found[f"callback {name}"] = result.strip() + types_only(parameters)
    for alias, name in re.findall(r"typedef (\w+) (execmon_\w+);", text):
        found[f"type {name}"] = alias
    for kind, name in re.findall(r"extern (const int) (\w+);", text):
        found[f"variable {name}"] = kind
    for inline, result, name, parameters in re.findall(
            r"(static inline )?((?:const )?\w+ ?\*?) ?\b(execmon_\w+)\(([^(){}]*)\) ?(?=[;{])", text):
        if inline or re.search(rf"\b{name}\([^(){{}}]*\);", text):
            found.setdefault(f"{'inline' if inline else 'function'} {name}", result.strip() + types_only(parameters))
    enumerators = [name for body in re.findall(r"enum (?:\w+ )?\{(.*?)\}", text)
                   for name in re.findall(r"(EXECMON_\w+) =", body)]
    macros = [name for name in re.findall(r"#define (EXECMON_\w+) ", compiled("-E", "-dM"))
              if not NO_CONSTANT.match(name)]
    fields = [(struct, field.split()[-1].lstrip("*"), field) for struct, all in structs.items() for field in all]
    values = measured(structs, fields, enumerators + macros)
    for name in enumerators + macros:
        found[f"constant {name}"] = values[name]
    for struct in structs:
        found[f"struct {struct}"] = f"{values[struct]} bytes"
    for struct, name, declared in fields:
        kind = re.sub(rf"\b{name}$", "", declared).strip()
        found[f"field {struct}.{name}"] = f"at {values[struct, name]}, {kind}"
    return found


def measured(structs, fields, constants):
    """What a program that is compiled with the header says of sizes, offsets and numbers."""
    lines = ['#include "execmon.h"', "#include <stdio.h>", "#include <stddef.h>", "int main(void) {"]
    lines += [f'printf("%lld\\n", (long long)({name}));' for name in constants]
    lines += [f'printf("%zu\\n", sizeof({name}));' for name in structs]
    lines += [f'printf("%zu\\n", offsetof({struct}, {name}));' for struct, name, _ in fields]
    lines += ["return 0;", "}"]
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "measure"
        # Linked with nothing: the inline functions that call the library are not called here, so they may go.
        compiled("-O1", "-o", str(program), text="\n".join(lines) + "\n")
        numbers = subprocess.run([program], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    keys = [*constants, *structs, *((struct, name) for struct, name, _ in fields)]
    return dict(zip(keys, numbers, strict=True))


def breaks(before, now):
    """What hosts that were built with the header before cannot live with."""
    wrong = []
    for what, was in before.items():
        kind, _, name = what.partition(" ")
        if what not in now:
            wrong.append(f"{what} is gone")
        elif now[what] != was and not (kind == "struct" and grows(name, now) and size(now[what]) > size(was)):
            wrong.append(f"{what} was {was} and is {now[what]}")
    for what, said in now.items():
        kind, _, name = what.partition(" ")
        owner = f"struct {name.partition('.')[0]}"
        if kind == "field" and what not in before and owner in before:
            if int(said[3:].partition(",")[0]) < size(before[owner]):
                wrong.append(f"{what} is within what {owner} was before")
    return wrong


def grows(struct, now):
    """Whether hosts and library tell each other the size of a structure: its first field."""
    return now.get(f"field {struct}.size", "").startswith("at 0,")


def size(said):
    return int(said.split()[0])


def main():
    now = facts()
    for kind, least in {"function": 110, "constant": 60, "struct": 8, "field": 55, "callback": 8, "inline": 10}.items():
        count = sum(what.startswith(kind + " ") for what in now)
        if count < least:
            sys.exit(f"abi_baseline.py: found only {count} of kind {kind}; the header is not read rightly")
    bless = os.environ.get("EXECMON_BLESS")
    before = {}
    if BASELINE.exists():
        before = dict(line.rstrip("\n").split(": ", 1) for line in BASELINE.open() if not line.startswith("#"))
    wrong = breaks(before, now)
    for line in wrong:
        print(f"BREAKS HOSTS: {line}")
    if bless and (not wrong or "--break" in sys.argv):
        with BASELINE.open("w") as file:
            file.write("# The ABI as it is promised; written by EXECMON_BLESS=1 c-tests/abi_baseline.py, which see.\n")
            file.writelines(f"{what}: {now[what]}\n" for what in sorted(now))
        print(f"{BASELINE.name}: {len(now)} facts written")
        return 0
    if wrong:
        print("A new major version may do that: EXECMON_BLESS=1 c-tests/abi_baseline.py --break")
        return 1
    new = [what for what in now if before.get(what) != now[what]]
    for what in new:
        print(f"new: {what}: {now[what]}")
    if new:
        print("Hosts can live with that, but it is promised from now on: EXECMON_BLESS=1 c-tests/abi_baseline.py")
        return 1
    print(f"{len(now)} facts as promised")
    return 0


if __name__ == "__main__":
    sys.exit(main())
