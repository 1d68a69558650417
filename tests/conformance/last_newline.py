"""A source without a newline at its end is compiled as one with it, and sys.exit takes a tuple apart."""

import sys

for source in ("try: pass", "1 +   ", "x = (1,", "a b", "if 1:", "def f():", "a = 1 +", "while", "f(", "x\\", "'abc"):
    for text in (source, source + "\n"):
        try:
            compile(text, "<text>", "exec")
        except SyntaxError as error:
            print(repr(source), error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset)
for source in ("x = 1", "x = 1 # c", "x = (1,\n 2)", "# only", "", "  ", "if 1: pass", "x = 1\n\n", "'''a\n'''"):
    code = compile(source, "<text>", "exec")
    print(repr(source), [line for _, _, line in code.co_lines()][-1])
for status in ((1, 2), (), [1], None, 5, "text", ValueError("x")):
    try:
        sys.exit(status)
    except SystemExit as error:
        print(repr(error), error.args, error.code)
sys.exit((7,))
