"""The members of built-in exceptions."""


def show(e, *names):
    print(type(e).__name__, e, e.args, [(n, getattr(e, n)) for n in names])


show(OSError(2, "gone"), "errno", "strerror", "filename", "filename2")
show(OSError(2, "gone", "file.txt"), "errno", "filename")
show(OSError(2, "gone", "a", None, "b"), "filename", "filename2")
show(OSError("one"), "errno", "strerror")
for n in (1, 2, 4, 10, 11, 13, 17, 20, 21, 32, 103, 104, 110, 111, 9999):
    print(n, type(OSError(n, "x")).__name__, end="; ")
print()
show(FileNotFoundError(1, "x"), "errno")
show(StopIteration(5), "value")
show(StopIteration(), "value")
show(SystemExit(3), "code")
show(SystemExit(1, 2), "code")
show(KeyError("k"))
show(KeyError())
show(KeyError(1, 2))
show(ImportError("m", name="n", path="p"), "msg", "name", "path")
show(NameError("m", name="n"), "name")
show(AttributeError("m", name="n", obj=5), "name", "obj")
show(SyntaxError("m", ("f.py", 3, 4, "text", 5, 6)), "msg", "filename", "lineno", "offset", "text", "end_lineno", "end_offset", "print_file_and_line")
show(UnicodeDecodeError("utf8", b"abc", 1, 2, "why"), "encoding", "object", "start", "end", "reason")
show(UnicodeEncodeError("ascii", "h\xe9", 1, 2, "why"), "encoding", "object", "start", "end", "reason")
show(UnicodeTranslateError("abc", 0, 1, "why"), "object", "start", "end", "reason")
show(BaseException(1, "a"))
for text in ("OSError(x=1)", "ImportError(x=1)", "AttributeError(bad=1)", "SyntaxError('m', 5)", "UnicodeDecodeError(1)", "UnicodeDecodeError('a', 'b', 1, 2, 'c')", "ValueError(a=1)", "StopIteration(1).value.x", "NameError(name=1).name"):
    try:
        print(eval(text))
    except Exception as e:
        print(type(e).__name__, e)


def lookup(f):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e, getattr(e, "name", None), getattr(e, "obj", None), e.args)


lookup(lambda: missing_name)
lookup(lambda: (5).nothing)
lookup(lambda: {}["k"])
lookup(lambda: [][0])
lookup(lambda: int("x"))
lookup(lambda: next(iter([])))
e = ValueError("x")
e.add_note("note")
e.extra = 1
print(e.__notes__, e.__dict__, e.__cause__, e.__context__, e.__suppress_context__, e.__traceback__, e.with_traceback(None) is e)
for f in (lambda: setattr(e, "__cause__", 1), lambda: setattr(e, "__traceback__", 1), lambda: setattr(e, "args", 5), lambda: e.add_note(1), lambda: delattr(e, "args"), lambda: delattr(e, "__context__"), lambda: setattr(e, "__context__", 1)):
    try:
        f()
        print("set", e.args)
    except Exception as x:
        print(type(x).__name__, x)
e.args = [1, 2]
print(e, repr(e), e.__reduce__()[:2])


class Own(Exception):
    def __init__(self, a, *, b=2):
        super().__init__(a, b)
        self.b = b


o = Own(1, b=3)
print(o, repr(o), o.args, o.b, Own.__mro__[1:3])
