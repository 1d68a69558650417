# ends: traceback
"""add_note, __notes__, __cause__, __context__, __suppress_context__."""

e = ValueError("v")
print(hasattr(e, "__notes__"))
e.add_note("one")
e.add_note("two")
print(e.__notes__, e.args)
for bad in (1, None, b"x"):
    try:
        e.add_note(bad)
    except TypeError as error:
        print(error)
e.__notes__ = "text"
try:
    e.add_note("three")
except TypeError as error:
    print(error)
del e.__notes__
print(hasattr(e, "__notes__"))


def chain():
    try:
        try:
            raise KeyError("first")
        except KeyError as k:
            raise ValueError("second") from k
    except ValueError as v:
        print(repr(v.__cause__), repr(v.__context__), v.__suppress_context__)
        raise TypeError("third") from None


try:
    chain()
except TypeError as t:
    print(repr(t.__cause__), repr(t.__context__), t.__suppress_context__)
    t.__suppress_context__ = False
    t.__cause__ = OSError("set")
    print(t.__suppress_context__, repr(t.__cause__))
    try:
        t.__cause__ = 5
    except TypeError as error:
        print(error)
    try:
        raise t from 5
    except TypeError as error:
        print(error, repr(error.__context__))
try:
    try:
        1 / 0
    except ZeroDivisionError:
        try:
            [][1]
        except IndexError as i:
            print(repr(i.__context__))
            raise
except IndexError as again:
    print(repr(again.__context__), again.__context__.__context__)


class Strange(Exception):
    def __str__(self):
        raise RuntimeError("no text")


s = Strange()
s.__notes__ = ["a", 5]
s.add_note("b")
raise s
