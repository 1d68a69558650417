"""Text over bytes: encodings, errors, line ends, places, and what cannot be set any more."""
import _io


def attempt(_, f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return type(e).__name__, str(e)


def reader(data, **kwargs):
    return _io.TextIOWrapper(_io.BytesIO(data), **kwargs)


DATA = b"one\ntwo\r\nthree\rfour"
for newline in (None, "", "\n", "\r", "\r\n"):
    f = reader(DATA, encoding="ascii", newline=newline)
    print(repr(newline), f.readlines(), f.newlines)
    out = _io.BytesIO()
    f = _io.TextIOWrapper(out, encoding="ascii", newline=newline)
    f.write("a\nb\r\nc\r")
    f.flush()
    print(out.getvalue())
print(attempt(0, reader, b"", newline="x"), attempt(0, reader, b"", newline=3), attempt(0, reader, b"", encoding="none such"))

for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "latin-1"):
    out = _io.BytesIO()
    f = _io.TextIOWrapper(out, encoding=encoding)
    f.write("aé\n")
    f.write("b\n")
    f.flush()
    data = out.getvalue()
    f = reader(data, encoding=encoding)
    print(encoding, data, repr(f.read(2)), f.tell(), repr(f.read()), f.seek(0), repr(f.readline()), f.encoding)

BAD = b"a\xff\xe2\x82z"
for errors in ("strict", "ignore", "replace", "backslashreplace", "surrogateescape", "surrogatepass", "none such"):
    print(errors, ascii(attempt(0, reader(BAD, encoding="utf-8", errors=errors).read)))
for errors in ("strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "namereplace", "surrogateescape"):
    out = _io.BytesIO()
    f = _io.TextIOWrapper(out, encoding="ascii", errors=errors)
    print(errors, ascii(attempt(0, f.write, "aé€")), attempt(0, f.write, "\udcff"), f.flush(), out.getvalue())

f = reader("häuser\nund €\nmehr\n".encode(), encoding="utf-8")
places = []
while True:
    places.append(f.tell())
    if not f.read(3):
        break
print(places)
for place in reversed(places):
    f.seek(place)
    print(place, repr(f.read(4)), end=" ")
print()
f.seek(0)
print(next(f), attempt(0, f.tell), list(f), f.tell())
print(attempt(0, f.seek, 3, 1), attempt(0, f.seek, 3, 2), attempt(0, f.seek, -1), attempt(0, f.seek, 0, 7), f.seek(0, 2))
print(attempt(0, f.write, 5), attempt(0, f.read, "x"), attempt(0, f.readline, None))

out = _io.BytesIO()
f = _io.TextIOWrapper(out, encoding="ascii")
print(f.line_buffering, f.write_through, f.errors, out.getvalue(), f.write("one\n"), out.getvalue())
f.reconfigure(encoding="utf-8", errors="replace", newline="\r\n", line_buffering=True)
print(f.write("zwei ü\n"), out.getvalue(), f.encoding, f.errors, f.line_buffering)
f.reconfigure(write_through=True)
print(f.write("x"), out.getvalue(), f)
f.seek(0)
print(repr(f.read(4)), attempt(0, f.reconfigure, encoding="ascii"), attempt(0, f.reconfigure, newline=None))
print(f.detach() is out, attempt(0, f.read), attempt(0, f.detach), repr(f.encoding))
f = reader(b"abc")
f.close()
print(attempt(0, f.read), attempt(0, f.flush), f.closed, f.close(), f.buffer.closed)
d = _io.IncrementalNewlineDecoder(None, translate=True)
print(repr(d.decode("a\r")), d.getstate(), repr(d.decode("\nb\r")), repr(d.decode("", final=True)), d.newlines)
print(d.reset(), d.newlines, d.setstate((b"", 1)), repr(d.decode("x")))


class Upper(_io.TextIOWrapper):
    def readline(self, *args):
        return super().readline(*args).upper()


print(list(Upper(_io.BytesIO(b"a\nb\n"))), Upper(_io.BytesIO(b"")).readlines())
