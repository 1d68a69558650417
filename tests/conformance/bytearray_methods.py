"""bytearray: changes in place, slices, methods shared with bytes, errors."""
b = bytearray(b"hello")
b.append(33)
b.extend(b" you")
b.extend([49, 50])
b.insert(0, 62)
print(b, len(b), b[0], b[-1], b[1:4], b[::-1], list(b)[:3])
b[0] = 60
b[1:3] = b"HE"
b[3:3] = b"--"
b[-2:] = []
print(b, b.pop(), b.pop(0), b)
b.remove(72)
del b[0]
del b[::3]
print(b)
b.reverse()
b *= 2
b += b"xyz"
print(b, b.copy() == b, b.copy() is b, b.count(b"l"), b.find(b"z"), b.index(120))
c = b
c += b"!"
print(c is b, b + b"a", b"a" + b, type(b"a" + b).__name__, type(b + b"a").__name__, b * 0)
b.clear()
print(b, bool(b), bytearray(3), bytearray([1, 2]), bytearray("é", "utf-8"), bytearray(b"x" * 3), bytearray(range(3)))
s = bytearray(b"One two")
print(s.upper(), s.split(), s.partition(b" "), s.replace(b"o", b"0"), s.title(), s.center(11, b"*"), s.hex(" "), s.decode())
print(s.startswith(b"One"), s.endswith((b"x", b"two")), s.isalpha(), s.join([b"a", bytearray(b"b")]), s.translate(None, b"eo"), b"two" in s, 79 in s)
print(s == b"One two", s != b"", s < b"P", bytearray(b"a") < bytearray(b"b"), bytearray(b"%d-%s") % (5, b"x"), bytearray.fromhex("61 62"))
print(int(bytearray(b"12")), float(bytearray(b"1.5")), str(bytearray(b"a")), bytes(bytearray(b"ab")), sorted(bytearray(b"cab")), max(s))


def attempt(text):
    b = bytearray(b"abc")
    try:
        exec(text, {"b": b})
        print("ok", b)
    except Exception as e:
        print(type(e).__name__, e)


for text in (
    "b[0] = 256", "b[0] = 'a'", "b[9] = 1", "b['a']", "b[9]", "b.append(300)", "b.append('a')", "b.extend('a')", "b.extend(5)",
    "b.extend([256])", "b.remove(7)", "b.pop(9)", "b[::2] = b'xyz'", "b[:] = 5", "b[1:] = 'a'", "b + 'a'", "b + 1", "b * 'a'", "hash(b)",
    "bytearray('a')", "bytearray(-1)", "bytearray(1.5)", "bytearray([256])", "bytearray(b'a', 'utf8')", "b.find('a')", "b.split('a')",
    "b.join(['a'])", "b'a' in 1", "'a' in b", "b.nothing", "m = memoryview(b); b.append(1)", "m = memoryview(b); m[0] = 90", "b[::2] = b'xy'",
):
    attempt(text)


class Sub(bytearray):
    pass


x = Sub(b"ab")
x.tag = 1
print(x, x.tag, x + b"c", type(x[:1]).__name__, x == b"ab", isinstance(x, bytearray))
