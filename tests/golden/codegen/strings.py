a = f"{x}"
b = f"a{x!r:>{w}}b" "c" f"{y=}"
c = "%s and %r" % (x, y)
d = "%-5s|%3.2s" % (x, y)
e = "%d" % (x,)
g = f"""
{x
 + y} end
{z:a{b}c}
"""
h = "a" "b" 'c'
i = b"a" b"\x00"
j = f"plain"
