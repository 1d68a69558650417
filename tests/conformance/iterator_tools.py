"""enumerate, zip, map, filter, reversed, iter with a sentinel, own iterators."""


class Range:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        for i in range(self.n):
            yield i

    def __reversed__(self):
        return iter(range(self.n - 1, -1, -1))

    def __len__(self):
        return self.n


class Chars:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def __iter__(self):
        return self

    def __next__(self):
        try:
            ch = self.text[self.at]
        except IndexError:
            raise StopIteration from None
        self.at += 1
        return ch


def odd(x):
    return x % 2 == 1


def fails_at(limit):
    def function(x):
        if x == limit:
            raise LookupError(x)
        return x
    return function


counter = iter([3, 2, 1, 0, 9])
print(list(iter(lambda: next(counter), 0)), next(counter))
for i, ch in enumerate(Chars("ab"), start=1):
    print(i, ch)
for a, b in zip(Range(3), Chars("xy")):
    print(a, b)
for x in map(str.upper, Chars("pq")): print(x)
for x in filter(odd, Range(4)): print(x)
for x in reversed(Range(2)): print(x)
for x in map(lambda a, b: a + b, Range(2), (10, 20)):
    print(x)
print(list(filter(None, (0, 1))), list(zip()), list(map(len, ("a", "bb"))), dict(enumerate("ab")))
try:
    for x in map(fails_at(1), Range(3)):
        print("mapped", x)
except LookupError as error:
    print("failed at", error)
try:
    list(filter(fails_at(2), Range(4)))
except LookupError as error:
    print("failed at", error)
try:
    list(zip(Range(1), Range(2), strict=True))
except ValueError as error:
    print(error)
it = iter(Range(2))
print(next(it), next(it), next(it, "end"))
try:
    next(it)
except StopIteration as stop:
    print(repr(stop))
a, *b = Range(3)
print(a, b, [*Chars("no")], {**dict(zip("k", Range(1)))}, max(Range(3)), sorted(Chars("ba")))
print(sum(map(odd, Range(5))), any(map(odd, Range(2))), all(filter(odd, Range(4))), 2 in Range(3))
print(tuple(x for x in Chars("tu")), "".join(Chars("vw")), min(Chars("zy"), key=ord))
nested = [iter("ab")] * 2
print(list(zip(*nested)), list(zip(*[(1, 2), (3, 4)])))
