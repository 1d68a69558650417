"""Every kind of parameter and every shape of call."""


def every(a, b=2, /, c=3, *args, d, e=5, **rest):
    return a, b, c, args, d, e, sorted(rest.items())


def plain(a, b):
    return (a, b)


def keyword_only(*, first=1, second):
    return first, second


def positional_only(a, b=7, /):
    return a * b


def none():
    pass


def many(*args, **kwargs):
    return len(args), sorted(kwargs)


print(every(1, d=4))
print(every(1, 2, 3, 4, 5, d=6, z=7, y=8))
print(every(*[1, 2], **{"c": 9, "d": 10}))
print(every(1, *(2, 3), *[4], d=0, **{"k": 1}, **{"m": 2}))
print(plain(1, 2), plain(b=1, a=2), plain(1, b=3))
print(plain(*"xy"), plain(**{"a": 1, "b": 2}), plain(*(1,), **{"b": 2}))
print(keyword_only(second=2), keyword_only(second=2, first=3))
print(positional_only(3), positional_only(3, 4))
print(none(), many(), many(*[]), many(**{}), many(*[], **{}))
print(many(1, 2, k=3), many(*range(3)), many(*(i for i in (1, 2))))
print(many(*{"only": 1}), many(*"abc", *[1], x=1, **{"y": 2}))

g = plain
print(g(g(1, 2), g(b=3, a=4)))
print((lambda: 5)(), (lambda x, *y, z=1, **k: (x, y, z, k))(1, 2, w=3))
print(len("abc"), max(3, 9, 4), min([4, 2], key=lambda v: -v), sum([1, 2], start=10))
print(int("ff", 16), int("12"), int(), str(), dict(a=1, b=2), dict([("k", 1)], m=2))
print("-".join(["a", "b"]), "{} {x}".format(1, x=2), [3, 1, 2].index(1))
