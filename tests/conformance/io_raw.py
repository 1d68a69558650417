"""Buffers and text over raw files that are written in Python, and what these may do wrong."""
import _io


def attempt(_, f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)


class Source(_io._RawIOBase):
    """Gives pieces; None where it would have to wait."""

    def __init__(self, *pieces):
        self.pieces = list(pieces)

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.pieces:
            return 0
        piece = self.pieces.pop(0)
        if isinstance(piece, bytes):
            part = piece[: len(buffer)]
            buffer[: len(part)] = part
            if part != piece:
                self.pieces.insert(0, piece[len(part) :])
            return len(part)
        return piece


class Sink(_io._RawIOBase):
    def __init__(self, most=4):
        self.written, self.most = [], most

    def writable(self):
        return True

    def write(self, data):
        if self.most is None:
            return None
        data = bytes(data[: self.most])
        self.written.append(data)
        return len(data)


raw = Source(b"ab\nc", b"d", b"", b"late")
print(raw.read(10), raw.readall(), raw.readline(), raw.closed, raw.isatty())
f = _io.BufferedReader(Source(b"ab\nc", b"d\nef", b"gh"), 4)
print(f.readline(), f.peek(), f.read(2), f.readlines(), f.read(), f.raw.pieces)
f = _io.BufferedReader(Source(b"ab", None, b"cd"))
print(f.read(5), f.read(5), f.read(5), f.read(5))
for wrong in (-1, 10**6, "text"):
    print(attempt(0, _io.BufferedReader(Source(wrong), 8).read, 3))
print(attempt(0, _io.BufferedReader, Sink()), attempt(0, _io.BufferedWriter, Source()), attempt(0, _io.BufferedReader, Source(), 0))

sink = Sink()
f = _io.BufferedWriter(sink, 8)
print(f.write(b"abc"), sink.written, f.write(b"defghijkl"), sink.written, f.flush(), sink.written, f.close(), f.closed)
sink = Sink(None)
f = _io.BufferedWriter(sink, 8)
print(f.write(b"abcdef"))
try:
    f.write(b"ghijkl")
except BlockingIOError as e:
    print(e.errno, e, e.characters_written)
sink.most = 100
print(f.detach() is sink, sink.written, attempt(0, f.write, b"x"), attempt(0, f.detach))

pair = _io.BufferedRWPair(Source(b"in"), Sink())
print(pair.read(), pair.write(b"out"), pair.readable(), pair.writable(), pair.seekable(), pair.close(), pair.closed)

text = _io.TextIOWrapper(_io.BufferedReader(Source(b"\xc3", b"\xa4\r", b"\nb\rc\n", b"\xe2\x82\xac")), encoding="utf-8")
print(text.read(1), [line for line in text], text.newlines)
sink = Sink(100)
text = _io.TextIOWrapper(_io.BufferedWriter(sink), encoding="latin-1", errors="replace", newline="\r\n")
print(text.write("häuser €\n"), sink.written, text.flush(), sink.written)


class Broken(Sink):
    def write(self, data):
        raise OSError("full")

    def close(self):
        super().close()
        raise ValueError("stuck")


f = _io.BufferedWriter(Broken())
f.write(b"x")
try:
    f.close()
except ValueError as e:
    print(e, repr(e.__context__), f.closed)


class Counting(_io._IOBase):
    def close(self):
        print("closed by", "its finalizer" if getattr(self, "_finalizing", False) else "name")
        super().close()


Counting().close()
Counting()
with Counting() as c:
    print(c.closed, attempt(0, c.read1) if hasattr(c, "read1") else "-", attempt(0, c.fileno), attempt(0, c.seek, 0), attempt(0, c.tell))
print(c.closed, attempt(0, c.__enter__), attempt(0, c.writelines, []))
