import _weakref as weakref
import gc
import itertools
import math


class Odd(Exception):
    pass


class Even(Odd, ValueError):
    def __str__(self):
        return "even " + ", ".join(map(str, self.args))


class Guard:
    def __init__(self, name, swallow=False, refuse=False):
        self.name = name
        self.swallow = swallow
        self.refuse = refuse

    def __enter__(self):
        print("enter", self.name)
        if self.refuse:
            raise Odd("refused")
        return len(self.name)

    def __exit__(self, kind, error, trace):
        print("exit", self.name, kind and kind.__name__, error)
        return self.swallow


class Steps:
    def __init__(self, *items):
        self.items = list(items)

    def __iter__(self):
        return self

    def __next__(self):
        if not self.items:
            raise StopIteration
        return self.items.pop(0)

    def __bool__(self):
        return len(self.items) > 1

    def __add__(self, other):
        return len(self.items) + other

    def __getitem__(self, index):
        return self.items[index]


def echo(*items):
    got = None
    for item in items:
        try:
            got = yield (item if got is None else got)
        except Odd as error:
            print("echo caught", error)
            got = -1
    return got


def fail(kind, *values):
    raise kind(*values)


def show(name, function, *values):
    try:
        print(name, "->", function(*values))
    except Exception as error:
        chain = []
        while error is not None and len(chain) < 6:
            chain.append(f"{type(error).__name__}: {error}")
            error = error.__cause__ or error.__context__
        print(name, "!!", " <- ".join(chain))


def drive(generator, plan):
    for what, value in plan:
        try:
            if what == "send":
                print("  send", generator.send(value))
            elif what == "throw":
                print("  throw", generator.throw(value))
            elif what == "close":
                print("  close", generator.close())
            else:
                print("  next", next(generator))
        except StopIteration as stop:
            print("  stop", stop.value)
        except Exception as error:
            print("  error", type(error).__name__, error, repr(error.__context__))
    return "driven"


def check(label, function):
    try:
        value = ordered(function())
        print(label, "->", type(value).__name__, show_value(value))
    except Exception as error:
        print(label, "!!", described(error))


def show_value(value):
    text = repr(value)
    return "address" if " at 0x" in text or " id=0x" in text else text[:300]


def described(error):
    if error is None:
        return "None"
    if isinstance(error, BaseExceptionGroup):
        return f"{type(error).__name__}({error.message!r}, [{', '.join(map(described, error.exceptions))}])"
    if not isinstance(error, BaseException):
        return show_value(error)
    text = f"{type(error).__name__}({error})" + "".join(f" +{note}" for note in getattr(error, "__notes__", ()))
    if error.__cause__ is not None:
        text += f" from {type(error.__cause__).__name__}"
    elif error.__context__ is not None:
        text += f" after {type(error.__context__).__name__}" + (" suppressed" if error.__suppress_context__ else "")
    return text


def ordered(value):
    if isinstance(value, (set, frozenset)):
        return type(value).__name__, sorted(map(repr, value))
    return value


def bound(names):
    return {name: show_value(value) for name, value in sorted(names.items()) if name != "subject"}


def show_class(cls):
    print("decorating", cls.__name__)
    return cls


def sub(value):
    try:
        got = yield ("sub", value)
        print("sub got", got)
        return ("returned", got)
    except ValueError as error:
        yield ("sub caught", str(error))
    finally:
        print("sub left")


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __repr__(self):
        return f"Point({self.x!r}, {self.y!r})"


async def counted(limit):
    for number in range(limit):
        yield number


