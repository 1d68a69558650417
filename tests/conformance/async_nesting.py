"""finally, with, loops and exceptions around awaits; coroutines that await one another."""


class Pause:
    def __init__(self, name):
        self.name = name

    def __await__(self):
        return (yield self.name)


def drive(coroutine, answers):
    log = []
    answer = None
    answers = iter(answers)
    try:
        while True:
            if isinstance(answer, Exception):
                log.append(coroutine.throw(answer))
            else:
                log.append(coroutine.send(answer))
            answer = next(answers, None)
    except StopIteration as stop:
        return log, stop.value
    except Exception as e:
        return log, repr(e)


async def guarded(name):
    try:
        got = await Pause(name)
        if got == "bad":
            raise ValueError(name)
        return got
    except ValueError as e:
        await Pause("handling")
        raise RuntimeError("wrapped") from e
    else:
        await Pause("never")
    finally:
        await Pause("finally " + name)


async def loop():
    out = []
    while len(out) < 3:
        try:
            out.append(await guarded(str(len(out))))
        except RuntimeError as e:
            out.append((str(e), repr(e.__cause__), repr(e.__context__)))
            continue
        except KeyError:
            break
        finally:
            out.append("f")
    else:
        out.append("else")
    return out


print(drive(loop(), [1, None, 2, None]))
print(drive(loop(), ["bad", None, None, 5]))
print(drive(loop(), [KeyError("k"), None]))
print(drive(loop(), [1, OSError("lost"), None]))


async def lambdas():
    f = lambda x: Pause(x)
    return [await f(1), await f(2)] if await f(0) else (await f(3), not await f(4))


print(drive(lambdas(), [True, "a", "b"]))
print(drive(lambdas(), [False, "a", "b"]))


async def chain(n):
    if n == 0:
        return await Pause("bottom")
    return (await chain(n - 1)) + 1


print(drive(chain(5), [10]))


async def expressions():
    x = await Pause("x")
    return {"k": await Pause("k"), await Pause("key"): 1, **{"z": await Pause("z")}}, f"{await Pause('f')!r:>5}", x


print(drive(expressions(), [1, 2, "K", 3, "F"]))


async def walrus():
    total = 0
    while (n := await Pause("n")) is not None:
        total += n
    return total


print(drive(walrus(), [1, 2, 3, None]))
