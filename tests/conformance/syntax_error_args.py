"""What syntax errors have in `args`, and when their line ends with a newline."""

SOURCES = [
    # Of the parser: the whole line, if the tokenizer has not gone on to the next one.
    'x = = 1\ny\n', 'x = = 1', 'f(a b)\n', 'f(**a,\n *b)\nq\n', 'a + 1 = \\\n 2\n', '(a +\n 1) = 2\n', 'f(x for x in y,\n 1)\n', 'if x\n  y\n',
    "x = {\n 'a': 1\n 'b': 2\n}\nz", '[a,\n b for b in c]\n', 'del f(),\\\n g\n', 'x = (1,\n 2\n 3)\n', "print 'a'\nb\n", 'if x = 1: pass\n',
    # Of the tokenizer: without its newline.
    "'abc\nq", '(\n1', 'x = (1,\nz = 2\n', "'''abc\ndef", '0777\nx', '1__0\n', 'x = 5a\n', '(]\n', '(a\n  ]\n', '$\n', 'a ? b\n',
    # Of indentation.
    'if 1:\nx\n', 'class A:\n  x = 1\n y = 2\n', '  x\n', 'x\n  y\n', 'if 1:\n\tx\n        y\n',
    # Of the symbol table: the message alone.
    'def f(a, a): pass\n', 'nonlocal x\n', 'def f():\n nonlocal x\n', 'def f():\n x = 1\n global x\n', 'def f(x):\n global x\n',
    'def f[T, T](): pass', '[x := 1 for x in y]', '[i for i in (j := 1)]', 'class A:\n [x := 1 for y in z]', '[(yield) for x in y]',
    'def f[T: (yield)](): pass', 'def f():\n from a import *\n',
    # Of what comes after it.
    'return\n', 'break\n', 'yield 1\n', '*a\n', 'match x:\n case y: pass\n case z: pass\n', 'match x:\n case [y, y]: pass\n',
]
for source in SOURCES:
    try:
        compile(source, '<source>', 'exec')
        print('compiled', repr(source))
    except SyntaxError as e:
        print(repr(source), type(e).__name__, e.args)
        print('   ', e.lineno, e.offset, repr(e.text), e.end_lineno, e.end_offset)
