"""`__reduce__` of iterators: what makes them again, without using them up; `__setstate__`."""


def step(it, n=1):
    for _ in range(n):
        next(it)
    return it


def show(x):
    if isinstance(x, tuple):
        return tuple(map(show, x))
    if hasattr(x, "__next__") and not isinstance(x, type):
        return type(x).__name__, list(x)
    return getattr(x, "__name__", x)


d = {1: 2, 3: 4, 5: 6}
big = range(2**70, 2**70 + 3)
iterators = [
    iter(range(10)), step(iter(range(10)), 3), iter(range(0, 10, 3)), iter(range(5, 0, -2)), iter(big), step(iter(big)),
    reversed([1, 2, 3]), step(reversed([1, 2, 3])), reversed((1, 2, 3)), reversed("abc"), step(reversed("abc"), 2),
    step(reversed("abc"), 3), reversed(range(5)), iter(d), step(iter(d.items())), iter(d.values()), reversed(d),
    step(reversed(d.items())), reversed(d.values()), iter({7}), iter([]), step(iter([1])), enumerate("ab"),
    zip("ab", "cd"), map(str, "ab"), filter(None, "ab"), iter(bytearray(b"ab")), zip("a", "b", strict=True),
]
for it in iterators:
    print(type(it).__name__, show(it.__reduce__()), list(it))

for ended in (iter([1]), iter(()), iter(""), reversed([]), reversed(()), iter(range(0)), iter(b""), iter({}), iter(set())):
    list(ended)
    print(ended.__reduce__())

for it, state in [
    (iter(range(5)), 3), (iter(range(5)), -3), (iter(range(5)), 30), (iter([1, 2, 3]), 1), (reversed([1, 2, 3]), 1),
    (reversed((1, 2, 3)), 1), (iter(big), 1),
]:
    it.__setstate__(state)
    print(type(it).__name__, list(it))

from _collections import OrderedDict

ordered = OrderedDict(a=1, b=2, c=3)
for source in (ordered, ordered.keys(), ordered.values(), ordered.items()):
    left = iter(source)
    next(left)
    print(left.__reduce__()[1], list(left))
print(reversed(ordered).__reduce__()[1])
