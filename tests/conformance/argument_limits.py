"""Integers that do not fit what a built-in function takes them as."""

import _functools
import _operator
import _sre
import _struct
import _warnings
import gc
import sys
from _collections import deque

LARGE = 10**20


def view(*args):
    return memoryview(bytearray(16)).cast(*args)


class Sized:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __length_hint__(self):
        return self.n

    def __getitem__(self, i):
        return i


def is_sequence_of_two(subject):
    match subject:
        case [_, _]:
            return True
    return False


def moved(iterator, to):
    iterator.__setstate__(to)
    return next(iterator)


def code():
    return 1


code = code.__code__


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
    lambda: len(Sized(2**62)),
    lambda: len(Sized(sys.maxsize)),
    lambda: len(Sized(sys.maxsize + 1)),
    lambda: Sized(2**62)[-1],
    lambda: next(reversed(Sized(sys.maxsize))),
    lambda: is_sequence_of_two(Sized(2**62)),
    lambda: _operator.length_hint(Sized(2**62)),
    lambda: _operator.length_hint((), 2**62),
    lambda: _operator.length_hint(5, 2**62),
    lambda: _operator.length_hint(5, -(2**63)),
    lambda: moved(reversed([1, 2]), sys.maxsize),
    lambda: moved(iter([1, 2]), -(2**63)),
    lambda: moved(iter(Sized(1)), sys.maxsize - 1),
    lambda: moved(iter(Sized(1)), sys.maxsize),
    lambda: iter(Sized(1)).__reduce__()[2],
    lambda: deque([], 2**62).maxlen,
    lambda: deque([], 2**62).__reduce__()[:2],
    lambda: deque([1], sys.maxsize).copy(),
    lambda: _functools._lru_cache_wrapper(len, 2**62, False, lambda *all: all).cache_info(),
    lambda: _struct.Struct("%dx" % (2**62)).size,
    lambda: _struct.calcsize("%dx" % (2**62)),
    lambda: _sre.compile("a", 2**62, [1], 0, {}, ()),
    lambda: _warnings.warn_explicit("a", UserWarning, "f", 2**40),
    lambda: code.replace(co_firstlineno=-1),
    lambda: code.replace(co_firstlineno=2**31),
    lambda: code.replace(co_firstlineno=2**31 - 1).co_firstlineno,
    lambda: code.replace(co_flags=-1),
):
    try:
        print(repr(action()))
    except Exception as e:
        print(type(e).__name__, e)
