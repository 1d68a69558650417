"""Integers that do not fit what a built-in function takes them as."""

import gc
import sys

LARGE = 10**20


def view(*args):
    return memoryview(bytearray(16)).cast(*args)


for action in (
    lambda: b"abc".hex(":", LARGE),
    lambda: b"abc".hex(":", 2**40),
    lambda: b"abc".hex(":", -(2**31)),
    lambda: "\ta".expandtabs(LARGE),
    lambda: b"\ta".expandtabs(2**40),
    lambda: "\ta".expandtabs(-(2**31)),
    lambda: view("B", [2**62, 4]),
    lambda: view("B", [2**32, 2**32]),
    lambda: view("B", [1] * 65),
    lambda: view("B", [4, 5]),
    lambda: view(5),
    lambda: "%*d" % (LARGE, 1),
    lambda: "%.*f" % (LARGE, 1.0),
    lambda: "%.*f" % (2**31, 1.0),
    lambda: "%.*d" % (-(2**31), 1),
    lambda: "%*d" % (-5, 1),
    lambda: "%99999999999999999999d" % 1,
    lambda: "%.2147483648f" % 1.0,
    lambda: format(1.0, ".999999999999f"),
    lambda: format(1, ".999999999999d"),
    lambda: format("abc", ".999999999999"),
    lambda: format(1, "99999999999999999999"),
    lambda: "{:{}}".format("a", LARGE),
    lambda: [1][LARGE],
    lambda: "a" * LARGE,
    lambda: bytes(LARGE),
    lambda: range(5)[LARGE],
    lambda: "abc".split(None, LARGE),
    lambda: "abc".find("c", -LARGE, LARGE),
    lambda: [1, 2, 3][-LARGE:LARGE:LARGE],
    lambda: chr(LARGE),
    lambda: (1).to_bytes(-1),
    lambda: __import__("sys", level=-1),
    lambda: __import__("sys", level="a"),
    lambda: __import__("sys", level=LARGE),
    lambda: __import__(5),
    lambda: sys.setrecursionlimit(2**40),
    lambda: sys.setrecursionlimit(-(2**40)),
    lambda: sys.set_int_max_str_digits(2**62),
    lambda: sys.set_coroutine_origin_tracking_depth(2**40),
    lambda: sys._getframe(2**40),
    lambda: gc.collect(2**40),
    lambda: gc.get_objects(2**40),
    lambda: gc.set_debug(2**62),
):
    try:
        print(repr(action()))
    except Exception as e:
        print(type(e).__name__, e)
