"""Coroutines: await, return values, a trampoline, the objects themselves."""


class Trap:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got


async def add(a, b):
    x = await Trap(a)
    y = await Trap(b)
    return x + y


async def outer():
    total = 0
    for i in range(2):
        total += await add(i, i + 1)
    return total


def run(coroutine):
    value = None
    sent = []
    while True:
        try:
            wanted = coroutine.send(value)
        except StopIteration as stop:
            return stop.value, sent
        sent.append(wanted)
        value = wanted * 10


print(run(outer()))


async def nothing():
    pass


async def returns():
    return [1]


print(run(nothing()), run(returns()))
c = add(1, 2)
print(type(c), c.__name__, c.__qualname__, c.cr_running, c.cr_suspended, c.cr_await, c.cr_code.co_name, c.cr_origin)
print(c.send(None), c.cr_suspended, type(c.cr_await).__name__)
print(c.send(5))
try:
    c.send(6)
except StopIteration as e:
    print("value", e.value)
try:
    c.send(None)
except RuntimeError as e:
    print(e)
try:
    c.throw(ValueError)
except RuntimeError as e:
    print(e)
c.close()
c = add(1, 2)
try:
    c.send(3)
except TypeError as e:
    print(e)
c.close()
print(c.cr_running, c.cr_suspended)
w = add(3, 4).__await__()
print(type(w), iter(w) is w, next(w), w.send(1))
try:
    w.send(2)
except StopIteration as e:
    print(e.value)


async def calls_itself_back():
    try:
        me.send(None)
    except ValueError as e:
        return str(e)


me = calls_itself_back()
print(run(me))


async def awaited_twice():
    inner = add(1, 2)
    inner.send(None)
    try:
        await inner
    except RuntimeError as e:
        print(e)
    inner.close()


print(run(awaited_twice()))
