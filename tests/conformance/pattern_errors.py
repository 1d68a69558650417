"""What is no pattern: values that are not literals, keys that are equal, operators other than signs."""

SOURCES = """
0 ** 0j
0j ** 0
-0 ** 0j
f''
[f'a', 1]
{0: _, 0j: _}
{-0j: _, 0: _}
{1: _, 1.0: _}
{1: _, True: _}
{1j: _, 2j: _}
{1 + 2j: _, 1 - 2j: _}
1 + 2
1 - 2.5j
-1j
-1 + 2j
a.b
""".split("\n")[1:-1]

for source in SOURCES:
    try:
        compile(f"match x:\n case {source}:\n  pass", "<pattern>", "exec")
    except SyntaxError as e:
        print(source, "--", e.msg, e.lineno, e.offset)
    else:
        print(source, "is a pattern")
