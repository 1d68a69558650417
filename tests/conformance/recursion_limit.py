# trace: none
"""Deep recursion ends in RecursionError that can be caught, many times over.

The trace is not recorded: CPython meets its limit inside the recorder's
callback, one frame earlier than without it.
"""


def down(n):
    return down(n + 1)


def mutual_a(n):
    return mutual_b(n) + 1


def mutual_b(n):
    return mutual_a(n)


class Endless:
    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __repr__(self):
        return f"{self!r}"

    def __eq__(self, other):
        return self == other


def generator(n):
    yield from generator(n + 1)


def with_finally(n):
    try:
        return with_finally(n + 1)
    finally:
        counts[0] += 1


counts = [0]
for action in (lambda: down(0), lambda: mutual_a(0), lambda: repr(Endless()),
               lambda: Endless() == 1, lambda: list(generator(0)),
               lambda: with_finally(0), lambda: sorted([1, 2], key=lambda x: down(x))):
    try:
        action()
    except RecursionError as error:
        print(type(error).__name__, "maximum recursion depth exceeded" in str(error))
print(counts[0] > 100)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


print(depth(500))
