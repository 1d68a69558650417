# ends: traceback
"""The traceback of an exception through coroutines and an asynchronous generator."""


class Pause:
    def __await__(self):
        yield


async def items():
    yield 1
    await Pause()
    raise ValueError("in the generator")


async def inner():
    async for x in items():
        print(x)


async def outer():
    try:
        await inner()
    except ValueError as e:
        raise RuntimeError("outer") from e


c = outer()
c.send(None)
c.send(None)
