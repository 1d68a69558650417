"""Corners of descriptors and special methods: slots that are not set, methods of other classes, classes that are none."""

import math
import sys

Module = type(sys)


def fails(f, *args):
    try:
        print("got", f(*args))
    except Exception as e:
        print(type(e).__name__, e)


class Slotted:
    __slots__ = "a"


def delete(o):
    del o.a


class Named(Slotted):
    __slots__ = ()


fails(lambda: Slotted().a)
fails(delete, Slotted())
Named.__module__ = "elsewhere"
fails(lambda: Named().a)
Named.__module__ = 5
fails(lambda: Named().a)


class Callable:
    def __call__(self):
        pass


Bound = type(Callable().__call__)
f = Callable()
print(Bound(f, 5))
f.__name__ = "name"
print(Bound(f, 5))
f.__qualname__ = "qualname"
print(Bound(f, 5))
f.__qualname__ = 5
print(Bound(f, 5))

fails(property(1).__set_name__)
fails(property(1).__set_name__, 1)


class Strange(Module):
    __dict__ = property(lambda self: "no dict")


fails(dir, Strange("m"))


class SetOnly:
    def __set__(self, o, value):
        o.__dict__["a"] = value


class Meta(type):
    pass


class WithMeta(metaclass=Meta):
    pass


WithMeta.a = 42
Meta.a = SetOnly()
print(WithMeta.a)
Meta.b = SetOnly()
print(type(WithMeta.b).__name__)


class Wrong(int):
    __eq__ = str.__eq__
    __len__ = list.__len__


fails(lambda: Wrong() == Wrong())
fails(len, Wrong())


class Special:
    def __init__(self, f):
        self.f = f

    def __get__(self, o, owner):
        print("get", owner.__name__)
        return self.f


class Rounded:
    __floor__ = Special(lambda: "floor")
    __ceil__ = Special(lambda: "ceil")
    __trunc__ = Special(lambda: "trunc")
    __abs__ = Special(lambda: "abs")
    __round__ = Special(lambda *args: "round")
    __divmod__ = Special(lambda other: "divmod")


for function in (math.floor, math.ceil, math.trunc, abs, round):
    print(function(Rounded()))
print(round(Rounded(), 1), divmod(Rounded(), 1))


class Abstract:
    def __init__(self, *bases):
        self.bases = bases

    def __getattr__(self, name):
        if name == "__bases__":
            return self.bases
        raise AttributeError(name)


class Instance:
    def __init__(self, c):
        self.c = c

    @property
    def __class__(self):
        return self.c


top, other = Abstract(), Abstract()
left, right = Abstract(top), Abstract(top)
bottom = Abstract(left, right)
for of in (bottom, left, top, other):
    print(issubclass(of, top), issubclass(top, of), issubclass(bottom, of), isinstance(Instance(bottom), of))
print(issubclass(bottom, (other, left)), issubclass(int, int), isinstance(Instance(int), int), isinstance(5, top))
fails(issubclass, 5, int)
fails(issubclass, bottom, 5)
fails(issubclass, int, top)
fails(issubclass, top, int)
fails(isinstance, 5, 5)
fails(isinstance, Instance(bottom), 5)


class Breaking:
    @property
    def __bases__(self):
        raise ValueError("bases")


fails(issubclass, Breaking(), int)
fails(isinstance, 1, Breaking())
fails(issubclass, int, Breaking())
