"""Asynchronous comprehensions and generator expressions."""


class Pause:
    def __await__(self):
        yield


async def numbers(n):
    for i in range(n):
        await Pause()
        yield i


async def double(x):
    await Pause()
    return x * 2


def run(coroutine):
    n = 0
    while True:
        try:
            coroutine.send(None)
            n += 1
        except StopIteration as stop:
            return stop.value, n


async def lists():
    return [await double(x) for x in range(3)], [x async for x in numbers(3) if x]


async def nested():
    return [[y async for y in numbers(x)] for x in range(3)]


async def mixed():
    return {x: await double(x) async for x in numbers(4) if await double(x) > 2}


async def genexp():
    g = (x * x async for x in numbers(3))
    print(type(g).__name__, g.__name__)
    return [x async for x in g]


async def genexp_await():
    g = (await double(x) for x in range(3))
    print(type(g).__name__)
    out = []
    async for v in g:
        out.append(v)
    return out


async def condition():
    return [x for x in range(4) if await double(x) in (2, 4)]


async def two_fors():
    return [(a, b) async for a in numbers(2) for b in "xy"]


for f in (lists, nested, mixed, genexp, genexp_await, condition, two_fors):
    print(f.__name__, run(f()))
