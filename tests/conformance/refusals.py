"""What special methods that are None or raise do to operators, and texts of mistakes in strings and sources."""

import gc
import math
import sys


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, e)


class NoTruth:
    __bool__ = None


class NoComparison:
    def absent(self):
        raise AttributeError("absent")

    __eq__ = property(absent)
    __lt__ = property(absent)


attempt(bool, NoTruth())
attempt(lambda: NoComparison() == 1)
attempt(lambda: NoComparison() != NoComparison())
attempt(lambda: NoComparison() < 1)
attempt(gc.get_objects, "1")
attempt(gc.get_objects, 3)
Locals = type(sys._getframe().f_locals)
attempt(Locals)
print([bool(c.__flags__ & 1 << 5) for c in (list, tuple, range, str)], bool(dict.__flags__ & 1 << 6))
print(math.log(10**1000), math.log2(2**5000), math.log10(10**1000), math.log(2**1023))


def source(text, mode="exec"):
    try:
        compile(text, "<text>", mode)
    except SyntaxError as e:
        print(repr(text), e.msg, e.offset, e.end_offset)


for text in (r"f'\N'", r"f'{1}\N{x}'", r"f'\N{}'", r"f'\x1' 'a'", r"f'{f'\u12'}'", r"f'a\xg{1}b' + 1"):
    source(text)
source("\\", "eval")
source("1 + \\", "eval")
