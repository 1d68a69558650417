"""exprc: compiles little programs to code for a stack machine and runs it.

    main.py [--listing] [FILE]

Without a file it runs the programs below.  The program is an example of something to watch: several modules, a good
deal of branching, and parts that its own input never reaches.
"""

import sys

from codegen import Generator
from errors import Problem
from machine import Machine
from optimizer import Optimizer
from parser import parse

PROGRAMS = {
    "arithmetic": """
print 1 + 2 * 3 - 4 / 2;
print (1 + 2) * (3 - 4) % 7;
print -2 * -3 == 6 and not (1 > 2);
""",
    "primes": """
fun is_prime(n) {
    if n < 2 { return 0; }
    let d = 2;
    while d * d <= n {
        if n % d == 0 { return 0; }
        d = d + 1;
    }
    return 1;
}
let n = 0;
let found = 0;
while found < 8 {
    if is_prime(n) { print n; found = found + 1; }
    n = n + 1;
}
""",
    "fibonacci": """
fun fib(n) { if n < 2 { return n; } return fib(n - 1) + fib(n - 2); }
print fib(13);
""",
    "dead code": """
if 2 * 3 == 7 { print 1; } else if 1 { print 2 + 0; }
while 0 { print 3; }
5;
let x = 4 * 1;
print x * 1 or 9;
""",
    "no such name": "let a = 1;\nprint a + b;\n",
    "not closed": "print (1 + 2;\n",
    "division": "let zero = 3 - 3;\nprint 1;\nprint 10 / zero;\n",
    "endless": "fun f(n) { return f(n + 1); }\nprint f(0);\n",
}


def compile_source(source):
    """The code of a program, and what the optimizer did."""
    optimizer = Optimizer()
    tree = parse(source)
    before = sum(node.count() for node in tree)
    tree = optimizer.statements(tree)
    after = sum(node.count() for node in tree)
    return Generator(tree), optimizer, before, after


def run(name, source, listing):
    """Runs one program and prints what became of it; True if all went well."""
    print(f"== {name}")
    try:
        generator, optimizer, before, after = compile_source(source)
        if listing:
            for code in (*generator.functions.values(), generator.main):
                print("\n".join(code.listing()))
        machine = Machine(generator)
        try:
            machine.run()
        finally:
            if machine.output:
                print("   ", *machine.output)
        print(
            f"    {before} nodes, {after} left, {optimizer.folded} folded, {optimizer.dropped} dropped;"
            f" {machine.steps} steps"
        )
        return True
    except Problem as problem:
        print("    " + problem.show(source).replace("\n", "\n    "))
        return False


def main(arguments):
    listing = "--listing" in arguments
    files = [a for a in arguments if not a.startswith("--")]
    programs = PROGRAMS
    if files:
        programs = {}
        for path in files:
            with open(path) as file:
                programs[path] = file.read()
    results = [run(name, source, listing) for name, source in programs.items()]
    print(f"{sum(results)} of {len(results)} programs ran to their end")
    return 0 if files == [] or all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
