"""Asynchronous generators: iteration, asend, athrow, aclose, attributes."""


class Pause:
    def __init__(self, name):
        self.name = name

    def __await__(self):
        return (yield self.name)


def run(awaitable, log=False):
    it = awaitable.__await__()
    while True:
        try:
            got = it.send(None)
            if log:
                print("pause", got)
        except StopIteration as stop:
            return stop.value


async def numbers(n):
    try:
        for i in range(n):
            await Pause(i)
            got = yield i * 2
            if got:
                print("got", got)
    except ValueError as e:
        print("caught", e)
        yield "recovered"
    finally:
        print("closing")


async def consume():
    return [x async for x in numbers(3)], {y async for y in numbers(2)}, {z: 1 async for z in numbers(1)}


print(run(consume(), True))

g = numbers(5)
print(type(g), g.__name__, g.ag_running, g.ag_await, g.ag_code.co_name)
print(run(g.__anext__()))
print(run(g.asend("hello")))
print(run(g.athrow(ValueError("thrown"))))
try:
    run(g.__anext__())
except StopAsyncIteration as e:
    print("stopped", repr(e))
print(run(g.aclose()))

g = numbers(2)
print(run(g.asend(None)))
print(run(g.aclose()))
try:
    run(g.asend(None))
except StopAsyncIteration:
    print("closed")
try:
    run(numbers(1).asend(5))
except TypeError as e:
    print(e)


async def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


g = stubborn()
run(g.__anext__())
try:
    run(g.aclose())
except RuntimeError as e:
    print(e)

g = numbers(3)
step = g.asend(None)
run(step)
try:
    run(step)
except RuntimeError as e:
    print(e)
first = g.asend(None)
print(first.send(None), g.ag_running)
second = g.asend(None)
try:
    second.send(None)
except RuntimeError as e:
    print(e)
try:
    run(g.aclose())
except RuntimeError as e:
    print(e)
try:
    first.send(None)
except StopIteration as e:
    print("value", e.value)


async def stops():
    yield 1
    raise StopAsyncIteration


async def stops_too():
    yield 1
    raise StopIteration


for make in (stops, stops_too):
    g = make()
    run(g.__anext__())
    try:
        run(g.__anext__())
    except RuntimeError as e:
        print(e)


async def nested():
    async for x in numbers(2):
        yield x
        yield -x


async def all_of():
    result = []
    async for x in nested():
        result.append(x)
    return result


print(run(all_of()))
g = numbers(3)
run(g.__anext__())
del g
print("dropped")
