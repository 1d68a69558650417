"""_io: files in memory, and the base classes."""
from _io import BytesIO, StringIO, UnsupportedOperation, _BufferedIOBase, _IOBase, _RawIOBase


def attempt(f, *args, **kwargs):
    try:
        print(repr(f(*args, **kwargs)))
    except (TypeError, ValueError, OSError, StopIteration) as e:
        print(type(e).__name__, e)


s = StringIO("first\nsecond\nthird")
print(repr(s.readline()), repr(s.read(3)), s.tell(), s.readlines(), repr(s.read()))
s.seek(0)
print(list(s), s.write("!"), repr(s.getvalue()))
s.seek(2)
s.write("XYZ")
s.truncate()
print(repr(s.getvalue()), s.readable(), s.seekable(), s.closed)
s.seek(8)
s.write("end")
print(repr(s.getvalue()))
for newline in (None, "", "\n", "\r", "\r\n"):
    n = StringIO("a\r\nb\rc\nd", newline=newline)
    print(repr(newline), repr(n.getvalue()), n.readlines())
with StringIO() as s:
    print("to a file", 1, sep="-", file=s)
    s.writelines(["x", "y"])
    print(repr(s.getvalue()))
attempt(s.read)
attempt(s.write, "a")
attempt(StringIO, 1)
attempt(StringIO, "", "x")
attempt(StringIO().write, 1)
attempt(StringIO().seek, -1)
attempt(StringIO().seek, 1, 1)
attempt(lambda: StringIO().fileno())

b = BytesIO(b"one\ntwo\n")
print(b.read(2), b.readline(), list(b), b.seek(-3, 2), b.read(), b.getvalue())
b.write(b"three")
room = bytearray(6)
b.seek(1)
print(b.readinto(room), room, b.tell(), b.getvalue(), bytes(b.getbuffer()[:3]))
attempt(BytesIO, "text")
attempt(b.write, "text")
attempt(b.seek, -1)
b.close()
attempt(b.read)


class Countdown(_RawIOBase):
    """Gives digits downwards."""

    def __init__(self, n):
        self.n = n

    def readable(self):
        return True

    def readinto(self, buffer):
        if self.n == 0:
            return 0
        buffer[0] = 48 + self.n
        self.n -= 1
        return 1


print(Countdown(3).read(2), Countdown(3).readall(), Countdown(2).readline())
attempt(lambda: Countdown(1).fileno())
attempt(lambda: Countdown(1).seek(0))
attempt(lambda: _BufferedIOBase().read())
with _IOBase() as base:
    print(base.closed, base.readable())
print(base.closed)
attempt(lambda: base.flush())
print(issubclass(UnsupportedOperation, (OSError, ValueError)), [c.__name__ for c in StringIO.__mro__])


class Shouting(StringIO):
    def write(self, text):
        return super().write(text.upper())


loud = Shouting()
print("quiet", file=loud)
loud.note = 1
print(repr(loud.getvalue()), loud.__dict__)
