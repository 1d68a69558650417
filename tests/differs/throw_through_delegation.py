"""While throw() goes through a generator that delegates (`yield from`, `await`), the frame of that one is not among the callers
of the innermost: the innermost is resumed without it.

CPython 3.13 prints:
    outer
    <module>

execmon prints:
    <module>
"""

import sys


def inner():
    try:
        yield
    except KeyError:
        frame = sys._getframe().f_back
        while frame:
            print(frame.f_code.co_name)
            frame = frame.f_back


def outer():
    yield from inner()


g = outer()
next(g)
try:
    g.throw(KeyError)
except StopIteration:
    pass
