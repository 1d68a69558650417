"""Generators: next, send, return values, iteration, state."""


def count(n):
    i = 0
    while i < n:
        yield i
        i += 1
    return "counted"


def echo():
    received = []
    while True:
        value = yield len(received)
        if value is None:
            return received
        received.append(value)


def two_on_a_line():
    x = [(yield 1), (yield 2)]
    y = (yield
         3)
    return (x,
            y)


def empty():
    return
    yield


def value_of(generator):
    try:
        while True:
            next(generator)
    except StopIteration as stop:
        return stop.value


g = count(2)
print(next(g), next(g))
try:
    next(g)
except StopIteration as stop:
    print("stop", stop.value)
print(next(g, "over"), list(g), [*count(3)], tuple(count(1)))
for x in count(2):
    print("for", x)
e = echo()
print(next(e), e.send("a"), e.send("b"))
try:
    e.send(None)
except StopIteration as stop:
    print(stop.value)
print(value_of(two_on_a_line()), list(empty()), value_of(count(0)))
a, b, c = count(3)
first, *rest = count(4)
print(a, b, c, first, rest, sum(count(5)), max(count(3)), dict(zip("ab", count(2))))
print(2 in count(5), sorted(count(3), reverse=True), list(enumerate(count(2))))
fresh = count(1)
try:
    fresh.send(5)
except TypeError as error:
    print(error)


def self_running():
    try:
        next(me)
    except ValueError as error:
        yield str(error)


me = self_running()
print(next(me), next(me, "end"))
