"""Class patterns: attributes, __match_args__, built-in classes, errors."""


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


class Point3(Point):
    __match_args__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        super().__init__(x, y)
        self.z = z


class Lazy:
    @property
    def value(self):
        print("value read")
        return 3

    @property
    def broken(self):
        raise AttributeError("broken")


def describe(v):
    match v:
        case Point3(x, y, z=0):
            return "flat", x, y
        case Point(0, 0):
            return "origin"
        case Point(x=0, y=y) | Point(y, 0):
            return "axis", y
        case Point(x, y) if x == y:
            return "diagonal", x
        case Point():
            return "some point"
        case Lazy(broken=b):
            return "broken", b
        case Lazy(value=3 as n):
            return "lazy", n
        case bool(b):
            return "bool", b
        case int(n) | float(n):
            return "number", n
        case str() as s:
            return "str", s
        case list([a, *_]) | tuple((a, *_)):
            return "first", a
        case dict(d):
            return "dict", d
        case bytes(b):
            return "bytes", b
        case object(__class__=c):
            return "object", c


for v in (Point3(1, 2, 0), Point3(1, 2, 3), Point(0, 0), Point(0, 5), Point(5, 0), Point(2, 2), Point(1, 2), Lazy(),
          True, 3, 2.5, "s", [1, 2], (3,), {}, b"x", None):
    print(describe(v))


class BadArgs:
    __match_args__ = ["x"]


class BadNames:
    __match_args__ = (1,)


class Few:
    __match_args__ = ("x",)
    x = 1


def fails(function, v):
    try:
        function(v)
    except TypeError as e:
        print(e)


def bad_args(v):
    match v:
        case BadArgs(1):
            pass


def bad_names(v):
    match v:
        case BadNames(1):
            pass


def too_many(v):
    match v:
        case Few(1, 2):
            pass


def twice(v):
    match v:
        case Few(1, x=1):
            pass


def no_class(v):
    kind = 3
    match v:
        case kind():
            pass


def int_two(v):
    match v:
        case int(1, 2):
            pass


fails(bad_args, BadArgs())
fails(bad_names, BadNames())
fails(too_many, Few())
fails(twice, Few())
fails(no_class, 1)
fails(int_two, 1)
