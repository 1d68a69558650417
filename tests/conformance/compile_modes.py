# ends: traceback
"""What `compile` takes and refuses in its three modes, and what the SyntaxError of a source in memory tells."""


def attempt(source, mode):
    try:
        compile(source, "<memory>", mode)
    except SyntaxError as error:
        place = error.lineno, error.offset, error.end_lineno, error.end_offset
        print(mode, repr(source), type(error).__name__, error.msg, place, error.text is None)
    else:
        print(mode, repr(source), "compiles")


for source in (
    "", "\n", "#c\n", "x", "x\n", "\nx", "x; y", "x;y;\n", "x\ny", "x;\ny", "x # c\ny", "pass\npass\npass",
    "for x in y: pass", "for x in y: pass\n", "if x: y #c", "if x: y\n#c", "if x:\n  y", "if x:\n  y\nz", "if x: y\n\nz",
    "if x:\n  if y: z", "if x:\n  y\nelse: z", "try:\n  x\nexcept: y", "with a: b", "while x: y\n", "def f(): pass",
    "@d\nclass A: pass\n", "match x:\n case y: z", "def f():\n  x\nf()", "async def f(): x", "x y",
):
    attempt(source, "single")
for source in "", "\n", "x", "x\n\n", "x\ny", "x y", "(x", "x)", "x = 1", "   x", "await x":
    attempt(source, "eval")
for source in (
    "return", "x = 1\nawait x", "break", "def f():\n  yield\n  global y; nonlocal x", "class A:\n  return 1", " x", "if x:\ny",
    "if x:\n  y\n z\n", "f(**{'a': 1}, *x)", "x = (", "x = '", "def f(a, a): pass", "*x", "del f()",
):
    attempt(source, "exec")
exec("x = 1\nreturn x")
