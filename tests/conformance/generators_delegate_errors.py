"""Delegation when the delegate misbehaves, and when iterators of loops die."""


def numbered(n):
    try:
        for i in range(n):
            yield i
    finally:
        print("numbered ends")


def loop_fails():
    for x in numbered(3):
        for y in numbered(2):
            raise KeyError(x, y)


def loop_fails_and_handles():
    try:
        for x in numbered(3):
            fail = x / 0
    except ZeroDivisionError as error:
        print("handled", error)
    for x in numbered(3):
        return x


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield "refuses"


def delegate():
    yield from stubborn()


class Broken:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def __getattr__(self, name):
        raise (OSError if name == "throw" else AttributeError)(name)


def to_broken():
    try:
        yield from Broken()
    except ValueError:
        print("not resumed")


def handling():
    try:
        raise KeyError("first")
    except KeyError:
        yield from numbered(2)


def pair():
    return (yield from returns_pair())


def returns_pair():
    yield 0
    return 1, 2


for function in loop_fails, loop_fails_and_handles:
    try:
        print(function())
    except KeyError as error:
        print("error", error)

for how in (lambda g: g.close(), lambda g: g.throw(GeneratorExit)):
    generator = delegate()
    next(generator)
    try:
        how(generator)
    except RuntimeError as error:
        print(error)
    del generator

generator = to_broken()
next(generator)
try:
    generator.throw(ValueError)
except OSError as error:
    print("from the delegate:", error)

generator = handling()
next(generator)
try:
    generator.throw(ValueError("second"))
except ValueError as error:
    print(repr(error.__context__))

generator = pair()
next(generator)
try:
    next(generator)
except StopIteration as stop:
    print(stop.value)


def reraise_and_more(first):
    try:
        raise first
    except Exception:
        try: raise; print("never")
        finally: print("on one line")


try:
    reraise_and_more(IndexError(5))
except IndexError as error:
    print(repr(error))
