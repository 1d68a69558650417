"""Lambdas: parameters, layouts, closures, use as keys."""

identity = lambda x: x
default = lambda x, y=2, *args, z=3, **kw: (x, y, args, z, sorted(kw))
multi = lambda a, b: (
    a
    + b
)
conditional = lambda x: (
    "big"
    if x > 10
    else "small"
)
nested = lambda x: lambda y: lambda z: (x, y, z)
recursive = lambda n: 1 if n < 2 else n * recursive(n - 1)
print(identity(1), default(1), default(1, 5, 6, z=7, k=8))
print(multi(1, 2), conditional(20), conditional(2))
print(nested(1)(2)(3), recursive(5))
print((lambda: "called")(), (lambda *a: a)(1, 2), (lambda **k: k)(a=1))
print(sorted(["bb", "a", "ccc"], key=lambda s: -len(s)))
print(sorted([(1, "b"), (1, "a"), (0, "z")],
             key=lambda pair: (
                 pair[0],
                 pair[1],
             )))
print(list(map(lambda x, y: x * y, (1, 2), (3, 4))), list(filter(lambda x: x, (0, 1))))
table = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b:
        a - b,
}
print(table["add"](5, 3), table["sub"](5, 3))
print(identity.__name__, (lambda: 0).__qualname__)


def make():
    return [lambda k=k: k * 10 for k in range(2)], lambda: make.__name__


fs, name = make()
print([g() for g in fs], name())
try:
    (lambda: 1 / 0)()
except ZeroDivisionError as error:
    print(error)
lazy = lambda: (yield)
print(list(lazy()), list((lambda: [(yield 1), (yield 2)])()))
print((lambda x: x and (lambda: x + 1)())(4))
