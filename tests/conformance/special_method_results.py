"""What becomes of what special methods return: NotImplemented, truth, jumps, items, errors."""


class Number:
    def __init__(self, v):
        self.v = v

    def __add__(self, other):
        return Number(self.v + other.v) if isinstance(other, Number) else NotImplemented

    def __radd__(self, other):
        return ("radd", self.v, other)

    def __iadd__(self, other):
        if other == 7:
            return NotImplemented
        self.v += 100
        return self

    def __mul__(self, other):
        return NotImplemented

    def __sub__(self, other):
        raise KeyError("sub")

    def __eq__(self, other):
        return self.v == other.v if isinstance(other, Number) else NotImplemented

    def __lt__(self, other):
        return self.v < other.v if isinstance(other, Number) else NotImplemented

    def __gt__(self, other):
        return [] if isinstance(other, Number) else NotImplemented

    def __bool__(self):
        return self.v > 0

    def __repr__(self):
        return f"Number({self.v})"


class Sub(Number):
    def __radd__(self, other):
        return "Sub.radd"

    def __gt__(self, other):
        return "Sub.gt"


class NoBool:
    def __bool__(self):
        return 3


class Container:
    def __getitem__(self, key):
        if key == "none":
            raise IndexError("no")
        return ("item", key)

    def __setitem__(self, key, value):
        print("set", key, value)
        return 99

    def __contains__(self, key):
        return [key] if key else ""

    def __iter__(self):
        yield 1
        yield 2

    def __call__(self, a, b=2, *, c=3):
        return a, b, c

    def __enter__(self):
        return "entered"

    def __exit__(self, kind, error, traceback):
        return kind is ValueError


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Broken:
    def __iter__(self):
        return self

    def __next__(self):
        raise OSError("broken")


class NoIterator:
    def __iter__(self):
        return 5


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        lines = []
        t = e.__traceback__
        while t:
            lines.append((t.tb_frame.f_code.co_name, t.tb_lineno - t.tb_frame.f_code.co_firstlineno))
            t = t.tb_next
        print(type(e).__name__, e, lines)


def add(x, y):
    return x + y


def add_in_place(x, y):
    x += y
    return x


def multiply_in_place(x, y):
    x *= y
    return x


def jumps(x, y):
    taken = []
    if x < y:
        taken.append("less")
    if x > y:
        taken.append("greater")
    if x == y:
        taken.append("equal")
    if not x == y:
        taken.append("not equal")
    while x < y:
        x = Number(x.v + 1)
    return taken, x


def constants(x):
    if x == 1:
        return "one"
    if x < 1:
        return "less"


def truths(x):
    return "true" if x else "false", not x, x and 1, x or 2


def loop(iterable):
    items = []
    for i in iterable:
        items.append(i)
    else:
        items.append("end")
    return items


def subscript(c, key):
    c[key] = key
    return c[key], key in c, key not in c


def manager(error):
    with Container() as c:
        if error:
            raise error
        return c


attempt(add, Number(1), Number(2))
attempt(add, Number(1), Sub(3))
attempt(add, Number(1), 3)
attempt(add, 3, Number(1))
attempt(lambda: Number(1) * 3)
attempt(lambda: Number(1) - 3)
attempt(add_in_place, Number(1), 5)
attempt(add_in_place, Number(1), 7)
attempt(add_in_place, Number(1), Number(7))
attempt(multiply_in_place, Number(1), 5)
attempt(jumps, Number(1), Number(3))
attempt(jumps, Sub(1), Number(1))
attempt(lambda: Number(1) < Sub(1))
attempt(jumps, Number(1), 5)
attempt(constants, Number(1))
attempt(lambda: Number(1) <= Number(2))
attempt(truths, Number(1))
attempt(truths, Number(0))
attempt(truths, NoBool())
attempt(loop, Countdown(3))
attempt(loop, Container())
attempt(loop, Broken())
attempt(loop, NoIterator())
attempt(subscript, Container(), "k")
attempt(subscript, Container(), 0)
attempt(subscript, Container(), "none")
attempt(Container(), 1)
attempt(Container(), 1, 5)
attempt(lambda: Container()(1, c=6))
attempt(lambda: Container()())
attempt(manager, None)
attempt(manager, ValueError())
attempt(manager, TypeError("let out"))


def collect(values):
    try:
        while True:
            value = yield len(values)
            values.append(value)
    finally:
        print("collected", values)


def steps():
    yield 1
    raise LookupError("in the generator")


def drive():
    g = collect([])
    send = g.send
    print(next(g), send("a"), g.send("b"))
    g.close()
    s = steps()
    print(next(s))
    attempt(next, s)
    attempt(next, s)
    attempt(lambda: s.send(None))
    attempt(lambda: next(s))
    attempt(lambda: next(steps()))
    attempt(lambda: collect([]).send(1))
    print(next(s, "default"))


drive()
