# trace: none
# python: 3.14
"""Type parameters and type aliases: objects, laziness, scopes, generic classes."""


def show(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


def f[T, *Ts, **P, B: int, C: (int, str), D = 3](x: T) -> T:
    return x


for p in f.__type_params__:
    print(type(p), p, p.__name__, p.has_default(), p.__default__)
T, Ts, P, B, C, D = f.__type_params__
print(B.__bound__, B.__constraints__, C.__bound__, C.__constraints__, D.__default__)
print(f.__annotations__, f(5))


def lazy[T: undefined, U = undefined](): pass


for p, member in zip(lazy.__type_params__, ("__bound__", "__default__")):
    show(lambda: getattr(p, member))
undefined = bool
print(lazy.__type_params__[0].__bound__, lazy.__type_params__[1].__default__)
show(lambda: (P.args, P.kwargs, P.args.__origin__ is P))
show(lambda: (T | int, int | T, list[T], dict[str, T]))
show(lambda: [*Ts])
show(lambda: T())


class Box[T]:
    def __init__(self, item: T):
        self.item = item

    def map[U](self, function) -> "Box[U]":
        return Box(function(self.item))

    @classmethod
    def params(cls):
        return cls.__type_params__


class Pair[K, V = str](Box[K]):
    pass


print(Box.__type_params__, Box.__parameters__, [c.__name__ for c in Box.__mro__], Box.params())
print(Box.__orig_bases__, Box[int], Box[int].__origin__, Box[int].__args__, Box[int](3).item)
print(Pair.__parameters__, [c.__name__ for c in Pair.__mro__], Pair[int], Box(2).map(str).item)
show(lambda: Box[int, str])
show(lambda: Box.map.__type_params__)

type Number = int | float
type Tree[T] = list[Tree[T]] | T
type Later = defined_later
print(Number, Number.__value__, type(Number), Number.__type_params__, Number.__name__, Number.__module__)
print(Tree, Tree.__type_params__, Tree[int], Tree.__value__)
show(lambda: Later.__value__)
defined_later = 5
show(lambda: Later.__value__)
show(lambda: Number[int])
show(lambda: Number())


class Outer:
    inner = str
    type Alias = inner

    def method[T: inner](self): pass


print(Outer.Alias.__value__, Outer.method.__type_params__[0].__bound__)


def outer[T]():
    def inner[U](x: T, y: U): pass
    return inner, T


inner, t = outer()
print(inner.__type_params__, inner.__annotations__["x"] is t, inner.__qualname__)
