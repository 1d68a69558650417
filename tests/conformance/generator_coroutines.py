"""Generators that may be awaited (CO_ITERABLE_COROUTINE), and what yield from refuses."""


def coroutine(f):
    f.__code__ = f.__code__.replace(co_flags=f.__code__.co_flags | 0x100)
    return f


@coroutine
def switch(value):
    got = yield value
    return got


@coroutine
def both():
    a = yield from switch(1)
    b = yield from native()
    return a, b


async def native():
    return await switch("n")


async def main():
    x = await switch("m")
    return x, await both()


def run(c):
    v = None
    while True:
        try:
            v = c.send(v) * 2
            print(v)
        except StopIteration as e:
            return e.value


print(run(main()))
print(switch.__code__.co_flags & 0x1a0, native.__code__.co_flags & 0x1a0)


def plain():
    yield from native()


for bad in (plain, lambda: list(native()), lambda: next(native())):
    try:
        r = bad()
        if r is not None:
            next(r)
    except TypeError as e:
        print(e)


async def awaits_plain_generator():
    def gen():
        yield
    await gen()


try:
    run(awaits_plain_generator())
except TypeError as e:
    print(e)


class Returns:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return self.value


async def wait(x):
    return await x


c = native()
for v in (Returns(5), Returns([1]), Returns(c), Returns(iter([1]))):
    try:
        print(run(wait(v)))
    except (AttributeError, TypeError) as e:
        print(e)
c.close()
