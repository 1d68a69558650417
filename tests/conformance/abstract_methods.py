"""__abstractmethods__, __isabstractmethod__, type attributes that programs read."""


def abstract(f):
    f.__isabstractmethod__ = True
    return f


class Meta(type):
    def __new__(mcls, name, bases, namespace):
        cls = super().__new__(mcls, name, bases, namespace)
        names = {n for n, v in namespace.items() if getattr(v, "__isabstractmethod__", False)}
        for b in bases:
            for n in sorted(getattr(b, "__abstractmethods__", ())):
                if getattr(getattr(cls, n), "__isabstractmethod__", False):
                    names.add(n)
        cls.__abstractmethods__ = frozenset(names)
        return cls


class Shape(metaclass=Meta):
    @abstract
    def area(self):
        pass

    @property
    @abstract
    def name(self):
        pass

    @classmethod
    @abstract
    def make(cls):
        pass


class Half(Shape):
    def area(self):
        return 1


class Square(Half):
    name = "square"

    @classmethod
    def make(cls):
        return cls()


for cls in (Shape, Half, Square):
    try:
        print(cls().area(), len(cls.__abstractmethods__))
    except TypeError as e:
        print(e, sorted(cls.__abstractmethods__))
print(Square.make().name, Shape.name.__isabstractmethod__, Shape.__dict__["make"].__isabstractmethod__, property().__isabstractmethod__)
try:
    int.__abstractmethods__
except AttributeError as e:
    print(e)
try:
    type.__abstractmethods__
except AttributeError as e:
    print(e)


class Plain:
    """Doc."""

    a: int = 1


print(Plain.__name__, Plain.__qualname__, Plain.__module__, Plain.__doc__, Plain.__basicsize__ > 0, Plain.__itemsize__, int.__itemsize__)
print(Plain.__base__, Plain.__flags__ & (1 << 10) != 0, bool.__flags__ & (1 << 10) != 0, int.__flags__ >> 24 & 1, list.__flags__ >> 25 & 1)
Plain.__name__ = "Renamed"
Plain.__qualname__ = "Outer.Renamed"
Plain.__module__ = "elsewhere"
Plain.__doc__ = "New doc."
print(Plain, Plain.__name__, Plain.__doc__)
for f in (lambda: setattr(Plain, "__name__", 1), lambda: setattr(int, "x", 1), lambda: setattr(int, "__name__", "x"), lambda: delattr(Plain, "__name__"), lambda: setattr(Plain, "__mro__", ()), lambda: Plain.nothing, lambda: delattr(Plain, "nothing"), lambda: setattr(Plain, "__dict__", {}), lambda: setattr(Plain, "__qualname__", 2)):
    try:
        f()
        print("ok")
    except Exception as e:
        print(type(e).__name__, e)
