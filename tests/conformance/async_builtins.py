"""aiter(), anext() with and without a default."""


class Pause:
    def __await__(self):
        return (yield "pause")


async def numbers(n):
    for i in range(n):
        await Pause()
        yield i


def run(awaitable):
    it = awaitable.__await__()
    log = []
    while True:
        try:
            log.append(next(it))
        except StopIteration as stop:
            return stop.value, log


async def use():
    g = numbers(2)
    it = aiter(g)
    print(it is g)
    print(await anext(it), await anext(it))
    try:
        await anext(it)
    except StopAsyncIteration as e:
        print("end", repr(e))
    print(await anext(it, "default"))
    return await anext(numbers(1), "unused")


print(run(use()))


class Custom:
    def __init__(self):
        self.n = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.n += 1
        if self.n > 2:
            raise StopAsyncIteration
        return self.n


async def custom():
    c = Custom()
    return [await anext(c), await anext(c, "x"), await anext(c, "x")]


print(run(custom()))
for f, args in ((aiter, (1,)), (anext, (1,)), (anext, (iter([]), 2))):
    try:
        f(*args)
    except TypeError as e:
        print(e)


class Bad:
    def __aiter__(self):
        return 3


try:
    aiter(Bad())
except TypeError as e:
    print(e)
a = anext(numbers(1), 5)
print(type(a).__name__, a.send(None))
try:
    a.throw(ValueError("thrown"))
except ValueError as e:
    print(repr(e))
a = anext(numbers(0), 5)
try:
    a.send(None)
except StopIteration as e:
    print(e.value)
