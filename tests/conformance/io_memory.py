"""Files in memory: views that hold them at their length, states, and subclasses."""
import _io


def attempt(_, f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)


b = _io.BytesIO(b"one\ntwo\nthree")
view = b.getbuffer()
view[0] = 79
print(b.getvalue(), view.readonly, len(view), attempt(0, b.write, b"x"), attempt(0, b.truncate, 1), attempt(0, b.close))
view.release()
print(b.write(b"1234"), b.getvalue(), b.tell(), b.truncate(6), b.getvalue(), b.seek(10), b.write(b"!"), b.getvalue())
print(b.seek(0), b.readlines(4), b.read(), b.readline(), b.read(-1), b.seek(-2, 2), b.read1(1), b.readinto(bytearray(9)))
print(attempt(0, b.seek, -1), attempt(0, b.seek, 0, 3), attempt(0, b.read, "x"), attempt(0, b.write, "x"), attempt(0, b.truncate, -1))
print(b.writelines([b"a", bytearray(b"b")]), b.getvalue()[-3:], b.isatty(), b.seekable(), list(b))
print(b.__getstate__())
c = _io.BytesIO()
c.__setstate__((b"state", 2, {"extra": 1}))
print(c.read(), c.extra, attempt(0, c.__setstate__, (b"", -1, None)), attempt(0, c.__setstate__, 5))
print(c.close(), c.closed, attempt(0, c.read), attempt(0, c.getbuffer), attempt(0, c.fileno))


class Index:
    def __index__(self):
        print("asked", end=" ")
        return 2


b = _io.BytesIO(b"abcdef")
print(b.read(Index()), b.seek(Index()), b.truncate(Index()), b.getvalue())

s = _io.StringIO("a\r\nb\rc\n", newline=None)
print(s.getvalue(), s.newlines, s.readlines(), s.tell(), s.line_buffering, s.encoding, s.errors)
for newline in ("", "\n", "\r", "\r\n"):
    s = _io.StringIO("a\nb\rc\r\n", newline)
    print(repr(newline), [line for line in s], repr(s.getvalue()), s.newlines)
s = _io.StringIO("text")
print(s.seek(6), s.write("!"), repr(s.getvalue()), s.seek(0), s.read(2), s.readline(1), s.truncate(), s.getvalue())
print(attempt(0, s.seek, -1), attempt(0, s.seek, 1, 1), attempt(0, s.write, b"x"), attempt(0, s.read, "x"), attempt(0, _io.StringIO, 5))
print(s.__getstate__(), attempt(0, s.__setstate__, ("x", "q", 0, None)), attempt(0, _io.StringIO, "", "q"))
print(s.close(), attempt(0, s.read), attempt(0, s.getvalue), s.closed)


class Lines(_io.StringIO):
    def readline(self, *args):
        return super().readline(*args).strip()


print(next(Lines(" padded \n")), isinstance(Lines(), _io._TextIOBase), Lines.__mro__[1:4])
print(attempt(0, _io.open_code, "none"), attempt(0, _io.open_code, b"x"))
print(_io.text_encoding("x"), issubclass(_io.UnsupportedOperation, (OSError, ValueError)), _io.BlockingIOError is BlockingIOError)
