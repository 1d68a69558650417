# trace: none
# python: 3.14
"""Annotations are evaluated when they are asked for (PEP 649)."""

import sys


def show(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


def f(a: int, /, b: later, *args: str, c: float = 1.0, **kw: dict) -> None: pass


show(lambda: f.__annotations__)
later = bytes
show(lambda: f.__annotations__)
print(f.__annotations__ is f.__annotations__, f.__annotate__.__name__, f.__annotate__.__qualname__)
for form in (1, 2, 3):
    show(lambda: f.__annotate__(form))
f.__annotations__["b"] = 1
print(f.__annotations__["b"], f.__annotate__ is None)
f.__annotate__ = lambda form: {"form": form}
print(f.__annotations__)
f.__annotations__ = {"set": 1}
print(f.__annotations__, f.__annotate__)
for name, bad in (("__annotate__", 3), ("__annotations__", 3)):
    show(lambda: setattr(f, name, bad))


def plain(): pass


print(plain.__annotations__, plain.__annotate__)


class C:
    x: int
    y: Undefined = 3
    __private: str

    def method(self, other: "C") -> x:
        pass

    if True:
        yes: bool
    else:
        no: bool
    for i in range(1):
        z: list


show(lambda: C.__annotations__)
Undefined = set
show(lambda: C.__annotations__)
show(lambda: C.method.__annotations__)
print(C.y, hasattr(C, "x"), "__annotate_func__" in C.__dict__)


class D(C):
    pass


print(D.__annotations__, D.__annotate__)
D.__annotations__ = {"own": 1}
print(D.__annotations__, "__annotations__" in D.__dict__)
show(lambda: int.__annotations__)

number: int = 3
text: str
if number > 5:
    never: int
module = sys.modules["__main__"]
print(module.__annotations__)


def local():
    x: not_evaluated = 1
    y: not_evaluated
    return x


print(local())


def closure(kind):
    def inner(a: kind, b: list[kind]): pass
    return inner


print(closure(int).__annotations__, closure(str).__annotations__)
show(lambda: __annotations__)
