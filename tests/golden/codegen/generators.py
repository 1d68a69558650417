def f(a):
    x = yield
    y = yield a
    z = yield from a
    try:
        yield 1
    except A:
        yield 2
    finally:
        yield 3
    return x


async def g(a):
    return [x async for x in a if await x]


h = lambda: (yield 1)
k = (x + y for x in a for y in x if y)
