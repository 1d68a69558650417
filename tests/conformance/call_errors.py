"""Calls that fail before a frame exists, and C calls that raise."""


def two(a, b):
    return a + b


def keyword(*, k):
    return k


class Thing:
    def __init__(self, size):
        self.size = size

    def grow(self, by):
        self.size += by


def attempt(number, action):
    try:
        print(number, action())
    except (TypeError, AttributeError, NameError, ValueError, LookupError) as error:
        print(number, type(error).__name__, error)


attempt(1, lambda: two(1))
attempt(2, lambda: two())
attempt(3, lambda: two(1, 2, 3))
attempt(4, lambda: two(1, b=2, c=3))
attempt(5, lambda: two(1, a=2))
attempt(6, lambda: keyword())
attempt(7, lambda: keyword(1))
attempt(8, lambda: Thing())
attempt(9, lambda: Thing(1).grow())
attempt(10, lambda: Thing(1).shrink())
attempt(11, lambda: undefined_name(1))
nothing = None
attempt(12, lambda: nothing())
attempt(13, lambda: "".join(1)(2))
attempt(14, lambda: two(*5))
attempt(15, lambda: two(**{"a": 1}, **{"a": 2}))
attempt(16, lambda: len(5))
attempt(17, lambda: int("x"))
attempt(18, lambda: [].pop())
attempt(19, lambda: {}.pop("k"))
attempt(20, lambda: "abc".index("z"))
attempt(21, lambda: two(
    1,
    undefined_name,
))
attempt(22, lambda: two(1,
                        *[2,
                          3]))
