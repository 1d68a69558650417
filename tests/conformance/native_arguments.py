"""Mistakes in the arguments of built-in functions that take keywords, and what is said of them."""

import math
import sys

text, data, view, number = "a b", b"a b", memoryview(bytearray(8)), 5
functions = [
    pow, round, sum, math.isclose, math.prod, math.nextafter, compile, eval, exec, __import__, sorted,
    sys.getsizeof, memoryview, bytes, int, complex,
    text.split, text.rsplit, text.splitlines, text.expandtabs, text.encode, text.replace,
    data.split, data.splitlines, data.expandtabs, data.decode, data.hex, data.translate,
    view.tobytes, view.cast, number.to_bytes, int.from_bytes, [].sort,
]
arguments = [
    ((), {}),
    ((1,), {}),
    ((1, 2, 3, 4, 5, 6, 7, 8, 9), {}),
    ((), {"foo": 1}),
    ((1,), {"foo": 1}),
    ((None, 5), {"foo": 1, "bar": 2}),
    ((), {"a": 1, "b": 2, "c": 3, "d": 4}),
]
for function in functions:
    for positional, named in arguments:
        try:
            function(*positional, **named)
        except (TypeError, ValueError) as error:
            print(function.__name__, len(positional), len(named), error)
        else:
            print(function.__name__, len(positional), len(named), "goes")

for wrong in (
    lambda: eval("1", []),
    lambda: eval("1", 5),
    lambda: eval("1", 5, 6),
    lambda: exec("1", 5),
    lambda: exec("1", {}, 6),
    lambda: exec("1", closure=()),
    lambda: __import__(5),
    lambda: sys.intern(5),
    lambda: [1].index(1, "a"),
    lambda: (1,).index(1, None),
    lambda: sum(1.5, "x"),
    lambda: view.cast(5),
    lambda: math.isclose(a=1, b=1, rel_tol="x"),
):
    try:
        print(wrong())
    except TypeError as error:
        print(error)
print(math.isclose(b=1, a=1), round(number=2.5, ndigits=0), pow(exp=3, base=2), int.from_bytes(bytes=b"a"))


def outer():
    seen = 1

    def inner():
        nonlocal seen
        seen += 1
        return seen

    for closure in (None, (), [], inner.__closure__ * 2, (1,)):
        try:
            exec(inner.__code__, closure=closure)
        except TypeError as error:
            print(error)
    exec(inner.__code__, {}, closure=inner.__closure__)
    try:
        exec(outer.__code__, closure=inner.__closure__)
    except TypeError as error:
        print(error)
    try:
        eval(inner.__code__)
    except TypeError as error:
        print(error)
    return seen


print(outer())
