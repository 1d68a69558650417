# trace: none
"""f_lineno set by trace functions: every jump between two lines of functions with each kind of block."""

import sys

out = []


class Jumper:
    """Jumps once from one line to another, at the first event of a kind, and notes the events after that."""

    def __init__(self, function, start, end, event="line"):
        self.code = function.__code__
        self.first = self.code.co_firstlineno
        self.start, self.end, self.event = start + self.first, end + self.first, event
        self.done = False
        self.notes = []

    def __call__(self, frame, event, arg):
        if frame.f_code is not self.code:
            return None
        line = frame.f_lineno - self.first
        if self.done:
            self.notes.append(f"{event[0]}{line}")
        elif frame.f_lineno == self.start and event == self.event:
            self.done = True
            try:
                frame.f_lineno = self.end
            except ValueError as e:
                self.notes.append(f"refused: {e}".replace(str(self.end), "END"))
            else:
                self.notes.append(f"at {frame.f_lineno - self.first}")
        return self


def attempt(function, start, end, event="line", run=None):
    out.clear()
    jumper = Jumper(function, start, end, event)
    sys.settrace(jumper)
    try:
        (run or (lambda f: f()))(function)
    except BaseException as e:
        out.append(f"{type(e).__name__}: {e}")
    finally:
        sys.settrace(None)
    print(f"  {start} -> {end}:", *out, "|", *jumper.notes)


def every_pair(function, count, run=None):
    print(function.__name__)
    for start in range(1, count + 1):
        for end in range(1, count + 1):
            attempt(function, start, end, run=run)


def plain():
    out.append(1)
    out.append(2)
    out.append(3)


def loops():
    for i in range(2):
        out.append(i)
        for j in "ab":
            out.append(j)
        out.append("after")
    else:
        out.append("else")
    out.append("end")


def one_line_loop():
    for i in range(3): out.append(i)
    out.append("end")


def while_loop():
    n = 0
    while n < 2:
        n += 1
        if n == 1:
            continue
        out.append(n)
    out.append("end")


class Context:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        out.append(f"enter {self.name}")
        return self

    def __exit__(self, *args):
        out.append(f"exit {self.name} {args[0] and args[0].__name__}")
        return True


def withs():
    out.append(1)
    with Context("a") as a:
        out.append(2)
        with Context("b") as b, Context("c"):
            out.append(3)
            raise ValueError("x")
        out.append(4)
    out.append(5)


def handlers():
    try:
        out.append(1)
        raise KeyError("k")
    except KeyError as e:
        out.append(2)
        out.append(sys.exception() is e)
    except ValueError:
        out.append(3)
    else:
        out.append(4)
    out.append(sys.exception())


def nested_handlers():
    try:
        raise KeyError("outer")
    except KeyError:
        try:
            raise ValueError("inner")
        except ValueError:
            out.append(str(sys.exception()))
        out.append(str(sys.exception()))
    out.append(sys.exception())


def finals():
    try:
        out.append(1)
        1 / 0
    finally:
        out.append(2)
        out.append(3)
    out.append(4)


def finals_around_return():
    for i in range(2):
        try:
            out.append(i)
            if i:
                return i
        finally:
            out.append("finally")
    out.append("end")


def lines_of_an_expression():
    x = [1,
         out.append(2),
         out.append(3),
         4]
    out.append(x)


def conditional():
    if out:
        out.append("then")
    else:
        out.append("else")
    y = (1 if out
         else 2)
    out.append(y)


def comprehension():
    out.append(1)
    squares = [
        x * x
        for x in range(3)
        if x
    ]
    out.append(squares)


def matching():
    match [1, 2]:
        case [a]:
            out.append(a)
        case [a, b]:
            out.append(b)
    out.append("end")


def groups():
    try:
        raise ExceptionGroup("g", [KeyError(1), ValueError(2)])
    except* KeyError:
        out.append("key")
    except* ValueError:
        out.append("value")
    out.append("end")


def generator():
    out.append(1)
    for i in range(2):
        got = yield i
        out.append(got)
    yield "last"
    out.append("end")


def drive(function):
    g = function()
    try:
        value = next(g)
        while True:
            out.append(value)
            value = g.send(f"sent {value}")
    except StopIteration as e:
        out.append("stop")

class AsyncItems:
    def __init__(self, items):
        self.items = iter(items)

    def __aiter__(self):
        return self

    async def __anext__(self):
        for item in self.items:
            return item
        raise StopAsyncIteration


class AsyncContext(Context):
    async def __aenter__(self):
        return self.__enter__()

    async def __aexit__(self, *args):
        return self.__exit__(*args)


async def async_loop():
    out.append(1)
    async for i in AsyncItems("ab"):
        out.append(i)
        await AsyncItems("c").__anext__()
    else:
        out.append("else")
    out.append("end")


async def async_with():
    out.append(1)
    async with AsyncContext("a"):
        out.append(2)
        raise ValueError("x")
    out.append(3)


async def async_comprehension():
    out.append(1)
    items = [i async for i in AsyncItems("ab")]
    out.append(items)


def await_it(function):
    try:
        function().send(None)
    except StopIteration:
        out.append("done")


def unbound():
    if out:
        a = b = 1
    out.append(2)
    out.append((a, b))


def deleted(argument):
    x = 1
    del x, argument
    out.append(1)
    out.append((x, argument))


def cells():
    value = 1

    def inner():
        return value

    out.append(inner())
    del value
    out.append(3)
    value = 4
    out.append(inner())


every_pair(plain, 3)
every_pair(loops, 8)
every_pair(one_line_loop, 2)
every_pair(while_loop, 6)
every_pair(withs, 8)
every_pair(handlers, 10)
every_pair(nested_handlers, 9)
every_pair(finals, 7)
every_pair(finals_around_return, 8)
every_pair(lines_of_an_expression, 5)
every_pair(conditional, 7)
every_pair(comprehension, 7)
every_pair(matching, 6)
every_pair(groups, 7)
every_pair(generator, 6, drive)
every_pair(async_loop, 7, await_it)
every_pair(async_with, 5, await_it)
every_pair(async_comprehension, 3, await_it)
every_pair(unbound, 4)
every_pair(deleted, 4, lambda f: f(5))
every_pair(cells, 9)

print("other events")
for event in "call", "line", "return", "exception":
    attempt(plain, 0, 2, event)
    attempt(plain, 3, 1, event)
    attempt(handlers, 3, 10, event)
    attempt(generator, 3, 6, event, drive)
    attempt(generator, 3, 2, event, drive)
    attempt(generator, 0, 1, event, drive)



class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        out.append(f"{self.name} dies")

    def __iter__(self):
        return self

    def __next__(self):
        return self.name

    def __enter__(self):
        return Dies("entered")

    def __exit__(self, *args):
        out.append("exit")


def closed():
    try:
        yield 1
        yield 2
    finally:
        out.append("closed")


def dying():
    for name in Dies("iterator"):
        for i in closed():
            with Dies("manager"):
                out.append(i)
                [Dies("item"),
                 out.append(i),
                 out.append(i)]
            break
        break
    out.append("end")


for start in range(1, 11):
    # Not line 2: where CPython leaves a generator's loop by its end, there is a StopIteration event.
    for end in 1, 3, 4, 5, 6, 7, 8, 9, 10:
        attempt(dying, start, end)

print("what is no line of the code")
attempt(plain, 1, -1)
attempt(plain, 1, 4)
attempt(plain, 2, 0)
for value in True, 1.0, "3", None, 10**30, -(10**30), 2**31, 2**31 - 1, -(2**31):
    jumper = Jumper(plain, 1, 2)
    jumper.end = value
    sys.settrace(jumper)
    plain()
    sys.settrace(None)
    print("  ", jumper.notes)


def deleting(frame, event, arg):
    if frame.f_code is plain.__code__:
        try:
            del frame.f_lineno
        except AttributeError as e:
            print("  ", e)


sys.settrace(deleting)
plain()
sys.settrace(None)
try:
    sys._getframe().f_lineno = 1
except ValueError as e:
    print("  ", e)
