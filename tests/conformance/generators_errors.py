"""Exceptions that leave generators: StopIteration inside, errors in loops."""


def stops():
    yield 1
    raise StopIteration("inside")


def exhausts():
    yield next(iter([]))


def divides(values):
    for v in values:
        yield 10 // v


def handled(values):
    for v in values:
        try:
            yield 10 // v
        except ZeroDivisionError:
            yield None


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Broken:
    def __iter__(self):
        return self

    def __next__(self):
        raise ValueError("broken")


class NoIterator:
    def __iter__(self):
        return 5


class Sequence:
    def __getitem__(self, index):
        if index > 2:
            raise IndexError(index)
        return index * 10


def attempt(name, action):
    try:
        print(name, action())
    except (RuntimeError, ZeroDivisionError, ValueError, TypeError) as error:
        print(name, type(error).__name__, error, repr(error.__cause__))


attempt("stops", lambda: list(stops()))
attempt("exhausts", lambda: next(exhausts()))
attempt("divides", lambda: list(divides([5, 0])))
attempt("handled", lambda: list(handled([5, 0, 2])))
attempt("genexpr", lambda: list(1 // v for v in (1, 0)))
attempt("sum", lambda: sum(divides([1, 0])))
attempt("broken", lambda: [x for x in Broken()])
attempt("no iterator", lambda: [x for x in NoIterator()])
for x in Countdown(2):
    print("count", x)
print(list(Countdown(3)), [*Countdown(1)], max(Countdown(4)), 0 in Countdown(2))
for x in Sequence():
    print("seq", x)
a, b = Countdown(2)
print(a, b, list(zip(Countdown(3), "ab")))
g = divides([1, 0, 2])
print(next(g))
attempt("again", lambda: next(g))
print(next(g, "finished"))
