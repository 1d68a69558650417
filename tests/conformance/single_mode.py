"""Statements of an interactive session (`compile(..., "single")`): values of expressions go to `sys.displayhook`."""

import sys


def run(source):
    try:
        exec(compile(source, "<session>", "single"), names)
    except Exception as e:
        print(type(e).__name__, e)


names = {}
run("5")
run("None")
run("'text'; 1 + 1; x = 3")
run("x")
run("for i in range(3):\n    i * 2\n")
run("def f():\n    7\n    return 8\n")
run("f()")
run("class C:\n    9\n")
run("if x:\n    x\nelse:\n    0\n")
run("1 / 0")
run("_")
run("[print('shown'), 1][1]")


def hook(value):
    print("hook:", value)


sys.displayhook = hook
run("None")
run("(1, 2)")


def failing(value):
    raise ValueError(value)


sys.displayhook = failing
run("3")
del sys.displayhook
run("4")
sys.displayhook = sys.__displayhook__
run("6")
