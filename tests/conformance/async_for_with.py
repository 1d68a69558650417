"""async for and async with, with their errors."""


class Pause:
    def __await__(self):
        yield "pause"


class Range:
    def __init__(self, n):
        self.n = n
        self.i = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.i == self.n:
            raise StopAsyncIteration
        self.i += 1
        await Pause()
        return self.i


class Manager:
    def __init__(self, name, swallow=False):
        self.name = name
        self.swallow = swallow

    async def __aenter__(self):
        print("enter", self.name)
        await Pause()
        return self.name

    async def __aexit__(self, kind, value, traceback):
        print("exit", self.name, kind and kind.__name__, value)
        await Pause()
        return self.swallow


def run(coroutine):
    steps = 0
    while True:
        try:
            coroutine.send(None)
            steps += 1
        except StopIteration as stop:
            return stop.value, steps


async def loop():
    out = []
    async for x in Range(3):
        if x == 2:
            continue
        out.append(x)
    else:
        out.append("else")
    async for x in Range(5):
        if x == 2:
            break
    else:
        out.append("not")
    return out


print(run(loop()))


async def managed():
    async with Manager("a") as a, Manager("b", True) as b:
        print(a, b)
        raise ValueError("inside")
    print("after")
    async with Manager("c"):
        return "returned"


print(run(managed()))


async def fails():
    async with Manager("d"):
        raise KeyError("out")


try:
    run(fails())
except KeyError as e:
    print("caught", e)


class NoAnext:
    def __aiter__(self):
        return 5


class BadAnext:
    def __aiter__(self):
        return self

    def __anext__(self):
        return 3


async def over(what):
    async for x in what:
        print(x)


async def inside(what):
    async with what:
        pass


class OnlyEnter:
    async def __aenter__(self):
        pass


class BadEnter:
    def __aenter__(self):
        return 1

    async def __aexit__(self, *a):
        pass


class BadExit:
    async def __aenter__(self):
        pass

    def __aexit__(self, *a):
        return 1


for c in (over([1]), over(NoAnext()), over(BadAnext()), inside(5), inside(OnlyEnter()), inside(BadEnter()),
          inside(BadExit())):
    try:
        run(c)
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e, repr(e.__cause__))


async def raises_in_body():
    async for x in Range(2):
        raise LookupError(x)


try:
    run(raises_in_body())
except LookupError as e:
    print(repr(e))
