"""throw() and close() of coroutines, through awaits; finally and with inside."""


class Trap:
    def __init__(self, name):
        self.name = name

    def __await__(self):
        try:
            got = yield self.name
        except KeyError as e:
            print("trap caught", e)
            return "from trap"
        except GeneratorExit:
            print("trap closed")
            raise
        return got


async def inner(name):
    try:
        return await Trap(name)
    finally:
        print("inner finally")


async def middle():
    try:
        return await inner("a")
    except ValueError as e:
        print("middle caught", e)
        return await inner("b")


c = middle()
print(c.send(None))
print(c.throw(ValueError("first")))
try:
    c.throw(KeyError("second"))
except StopIteration as e:
    print("result", e.value)

c = middle()
c.send(None)
c.close()
c = middle()
c.send(None)
try:
    c.throw(OSError("lost"))
except OSError as e:
    print("out", e)

c = middle()
try:
    c.throw(TypeError("not started"))
except TypeError as e:
    print("out", e)


async def ignores():
    try:
        await Trap("x")
    except GeneratorExit:
        await Trap("y")


c = ignores()
c.send(None)
try:
    c.close()
except RuntimeError as e:
    print(e)
c.close()


async def stops():
    raise StopIteration("inside")


try:
    stops().send(None)
except RuntimeError as e:
    print(e, repr(e.__cause__))


async def returns_on_close():
    try:
        await Trap("z")
    except GeneratorExit:
        return 5


c = returns_on_close()
c.send(None)
print(c.close())


async def dropped():
    try:
        await Trap("d")
    finally:
        print("dropped")


c = dropped()
c.send(None)
c = None
print("end")
