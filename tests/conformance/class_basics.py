"""Classes: bodies, attributes, inheritance, method resolution, super()."""


class Base:
    """A class with a docstring."""

    kind = "base"
    limits = [n * n for n in range(3)]

    def __init__(self, name):
        self.name = name

    def describe(self):
        return f"{self.kind}:{self.name}"

    def twice(self):
        return self.describe() * 2


class Left(Base):
    kind = "left"

    def describe(self):
        return "<" + super().describe()


class Right(Base):
    def describe(self):
        return super().describe() + ">"


class Both(Left, Right):
    def __init__(self, name, tag=None):
        super().__init__(name)
        self.tag = tag

    def describe(self):
        inherited = super().describe
        return inherited() + str(self.tag)

    class Inner:
        depth = 2

        def up(self):
            return __class__.__name__


b = Both("b", tag=7)
print(b.describe(), b.twice(), Left("l").describe(), Right("r").describe())
print([c.__name__ for c in Both.__mro__], isinstance(b, Right), issubclass(Left, Right))
print(Base.__doc__, Base.limits, Both.Inner().up(), Both.Inner.depth)
print(super(Left, b).describe(), super(Both, b).twice())
b.kind = "own"
print(b.describe())
del b.kind
print(b.describe(), hasattr(b, "nothing"), getattr(b, "nothing", "default"))
setattr(b, "name", "renamed")
print(b.name, sorted(b.__dict__))
for number in (1, 2):
    class Changing:
        value = number
    print(Changing.value, Changing.__qualname__)
try:
    b.nothing
except AttributeError as error:
    print(error)
