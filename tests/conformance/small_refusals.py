"""What is refused, one small thing after another, and in which words."""

import sys
from _collections import deque

for source in (
    "[i for i in (lambda: (j := range(5)))()]",
    "[i for i in [(j := 1) for k in [1]]]",
    "[i for i in (j := [1])]",
    "{i for k in [1] for i in [(lambda: (j := 1))()]}",
    "[(lambda: (j := i))() for i in [1]]",
):
    try:
        exec(source)
    except SyntaxError as error:
        print(error.msg)
    else:
        print("compiles")

for repeat in (
    lambda: "a" * (1 << 100), lambda: "a" * -(1 << 100), lambda: [] * -(1 << 100), lambda: b"" * (1 << 100),
    lambda: () * -5, lambda: "" * (1 << 62), lambda: -(1 << 100) * (1,), lambda: deque() * (1 << 100),
):
    try:
        print(repeat())
    except OverflowError as error:
        print(error)


class Outer:
    class Inner:
        pass


try:
    class Derived(Outer.Inner, unknown=1):
        pass
except TypeError as error:
    print(error)


class Unsubscriptable:
    __class_getitem__ = None


for wrong in (
    lambda: Unsubscriptable[int], lambda: format(5, None), lambda: (5).__format__(None), lambda: "".__format__(5),
    lambda: object().__format__(None), lambda: sys._getframe().f_locals.update([1]),
    lambda: sys._getframe().f_locals.update(5),
):
    try:
        print(wrong())
    except TypeError as error:
        print(error)


class Generic[T]:
    pass


Generic.__type_params__ = "whatever"
print(Generic.__type_params__, type.__type_params__, int.__type_params__, Outer.__type_params__)
try:
    del Generic.__type_params__
except TypeError as error:
    print(error)
print("__firstlineno__" in vars(Outer))
Outer.__module__ = "elsewhere"
print("__firstlineno__" in vars(Outer), Outer.__module__)


class BadLength:
    def __iter__(self):
        return iter(range(3))

    def __len__(self):
        raise RuntimeError("hello")


for use in (list, tuple, bytearray().extend, [].extend, sorted, bytes, deque, set, dict.fromkeys, enumerate):
    try:
        use(BadLength())
    except RuntimeError as error:
        print(error)
    else:
        print("not asked")
