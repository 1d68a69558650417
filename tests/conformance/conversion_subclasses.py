"""Conversions that give an instance of a subclass: deprecated, and taken as the base class."""


class Index:
    def __index__(self):
        return True


class Int:
    def __int__(self):
        return True


class MyFloat(float):
    pass


class Float:
    def __float__(self):
        return MyFloat(1.5)


class MyComplex(complex):
    pass


class Complex:
    def __complex__(self):
        return MyComplex(1, 2)


class IntOfInt(int):
    def __int__(self):
        return True


def show(f, *args):
    r = f(*args)
    print(repr(r), type(r).__name__)


show(int, Index())
show(int, Int())
show(int, IntOfInt(5))
show(float, Float())
show(float, Index())
show(complex, Complex())
show(complex, Float())
show(bin, Index())
show("abc".__getitem__, Index())
show([1, 2, 3].__getitem__, Index())
show(range, Index())
show("abc".__mul__, Index())
show(int, "11", 2)
show(slice(Index()).indices, 5)


class StrOf:
    def __init__(self, value):
        self.value = value

    def __str__(self):
        return self.value


class MyStr(str):
    pass


class StrWithStr(str):
    def __new__(cls, value):
        self = str.__new__(cls, "")
        self.value = value
        return self

    def __str__(self):
        return self.value


show(str, StrOf("a"))
show(str, StrOf(MyStr("a")))
show(MyStr, StrOf(MyStr("a")))
show(str, MyStr("a"))
show(str, StrWithStr("a"))
show(str, StrWithStr(MyStr("a")))
show(MyStr, StrWithStr(MyStr("a")))


class WithBytes(str):
    def __bytes__(self):
        return self.encode() * 2


class MyBytes(bytes):
    pass


class ListOfBytes(list):
    def __bytes__(self):
        return MyBytes(b"list")


class Blocked(list):
    __bytes__ = None


show(bytes, WithBytes("ab"))
show(bytes, WithBytes("ab"), "latin-1")
show(bytes, ListOfBytes([1, 2]))
show(bytearray, ListOfBytes([1, 2]))
show(MyBytes, ListOfBytes([1, 2]))


def fails(f, *args, **kw):
    try:
        print("got", f(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


fails(bytes, Blocked([1, 2]))
fails(str, 1, 1, 1)
fails(str, 1, errors=1)
fails(str, b"x", "ascii", b"strict")
fails(str, b"x", "utf-8", encoding="ascii")
fails(str, b"x", "utf-8", "ignore", encoding="ascii")
fails(str, b"x", "utf-8", "ignore", errors="ignore")
fails(str, b"x", object=b"y")
fails(str, errors="strict")
fails(str, encoding="ascii")
fails(int, memoryview(b"100"), 2)
fails(int, bytearray(b"100"), 2)


class NoStr:
    __str__ = None


class NoFormat:
    __format__ = None


fails("{}".format, NoStr())
fails("{!s}".format, NoStr())
fails("{}".format, NoFormat())
fails(format, NoFormat())


class Clearing:
    def __index__(self):
        items.clear()
        return 42


items = [Clearing(), Clearing()]
show(bytes, items)
items = [Clearing(), Clearing()]
show(bytearray, items)
