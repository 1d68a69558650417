"""What classes, their members and their names refuse; cells, views and weak references."""

import _weakref
import errno
import sys
import time


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, e)


class C:
    pass


def rename(cls, name):
    cls.__name__ = name


print("-- names of classes")
attempt(type, "A\udcdcB", (), {})
attempt(type, "A\0B", (), {})
attempt(type, "A", (), {"__doc__": "x\udcdcy"})
attempt(rename, C, "A\udcdcB")
attempt(rename, C, "A\0B")
C.__doc__ = "x\0y"
print(C.__name__, C.__doc__ == "x\0y")


class Meta(type):
    log = []

    def mro(cls):
        base = cls.__bases__[0]
        Meta.log.append((cls.__qualname__, [c.__name__ for c in base.__subclasses__()][-1:]))
        return super().mro()


class Outer:
    class Base(metaclass=Meta):
        pass

    class Derived(Base):
        pass


print(Meta.log[1:], [c.__name__ for c in Outer.Base.__subclasses__()])

print("-- members")
for owner, name in (
    (BaseException, "__suppress_context__"),
    (type(C.__init__), "__objclass__"),
    (type(len), "__name__"),
    (type(len), "__module__"),
    (type(attempt.__code__), "co_nlocals"),
    (type(sys._getframe()), "f_trace_lines"),
    (type(sys), "__dict__"),
    (type, "__base__"),
    (type, "__flags__"),
    (type(list[int]), "__origin__"),
    (_weakref.ref, "__callback__"),
):
    print(name, type(vars(owner)[name]).__name__)
t = time.gmtime(0)
attempt(setattr, t, "tm_zone", "here")
attempt(setattr, list[int], "__origin__", 1)
attempt(setattr, _weakref.ref(C), "__callback__", 1)
print(type(list[int].__mro_entries__).__name__, type(vars(type(t))["__replace__"]).__name__)

print("-- cells")


def cell(*value):
    if value:
        (x,) = value
    else:
        del value
        if False:
            x = None
    return (lambda: x).__closure__[0]


for op in ("__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"):
    print(op, [getattr(a, op)(b) for a, b in ((cell(2), cell(3)), (cell(-36), cell()), (cell(), cell()), (cell(1), cell(1)))])
attempt(lambda: cell(1) < cell("a"))
attempt(lambda: cell(1) < 1)
attempt(hash, cell(1))

print("-- views that an index releases")


class Releases:
    def __init__(self, view):
        self.view = view

    def __index__(self):
        self.view.release()
        return 2


view = memoryview(bytearray(b"abcdef"))
print(bytes(view[: Releases(view)]))
view = memoryview(bytearray(b"abcdef"))
attempt(lambda: view[Releases(view)])
view = memoryview(bytearray(b"abcdef"))
attempt(view.__setitem__, slice(Releases(view)), b"xy")
view = memoryview(bytearray(b"abcdef"))
attempt(view.__setitem__, Releases(view), 1)

print("-- texts")
C.__module__ = "package.module"
c = C()
print("to 'package.module.C' at" in repr(_weakref.ref(c)))
C.__module__ = "__main__"
print("to 'C' at" in repr(_weakref.ref(c)))
print(eval(r'"\é"') == "\\é", eval(b"# coding: latin\n'\xe9'"))
print(errno.errorcode[65], errno.ENOPKG, [n for n in errno.errorcode.values() if n in ("EAGAIN", "EDEADLOCK", "ENOTSUP")])


class Guess(dict):
    def __missing__(self, key):
        print("asked for", key)
        return key


exec("class A:\n    pass\nprint(A.__module__, B)", Guess(print=print))


class Told:
    shown = classmethod(repr)


told = []
sys.setprofile(lambda frame, event, arg: told.append((event, getattr(arg, "__name__", None))))
Told.shown()
sys.setprofile(None)
print([e for e in told if e[1] != "setprofile"])
