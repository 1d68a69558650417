"""Decorators: plain, with arguments, over lines, stacked, on classes."""


def trace(function):
    def wrapper(*args, **kwargs):
        print("call", function.__name__, len(args), kwargs)
        return function(*args, **kwargs)
    wrapper.__name__ = function.__name__
    return wrapper


def repeat(times,
           join=" "):
    def decorate(function):
        def wrapper(*args):
            return join.join(str(function(*args)) for _ in range(times))
        return wrapper
    return decorate


def register(registry):
    return lambda thing: registry.append(thing.__name__) or thing


names = []


@trace
def plain(x):
    return x + 1


@trace
@repeat(
    2,
    join="-",
)
@register(names)
def stacked(
    x,
    y=2,
):
    """Adds."""
    return x + y


@register(names)
@register(
    names
)
class Decorated:
    @staticmethod
    @repeat(2)
    def s(x): return x

    @classmethod
    def c(cls):
        return cls.__name__

    @property
    @trace
    def p(self):
        return "p"

    @trace
    def m(self, *, k):
        return k


class Decorator:
    def __init__(self, function):
        self.function = function
        self.count = 0

    def __call__(self, *args):
        self.count += 1
        return self.function(*args)


@Decorator
def counted(): return "counted"


@(lambda f: f)
def expression(): return "any expression"


def failing(function):
    raise ValueError(function.__name__)


print(plain(1), stacked(1), stacked(1, 3))
d = Decorated()
print(d.s(1), Decorated.c(), d.p, d.m(k=5).__class__.__name__, names)
print(counted(), counted(), counted.count, expression())
try:
    @register(names)
    @failing
    def never():
        pass
except ValueError as error:
    print(error, names)
