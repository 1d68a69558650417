"""Resolution orders that the mro() of a metaclass makes, __bases__ that change meanwhile, and __class__ between slots."""


class Reversed(type):
    def mro(cls):
        return [*reversed(type.mro(cls))]


class Base(metaclass=Reversed):
    name = "base"

    def who(self):
        return "Base.who"


class Derived(Base):
    name = "derived"

    def who(self):
        return "Derived.who"


print(Derived.__mro__)
print(Derived().who(), Derived.name, issubclass(Derived, Base), isinstance(Derived(), Derived))


class Elsewhere:
    found = "elsewhere"

    def late(self):
        return "late"


class Adding(type):
    def mro(cls):
        return [cls, Elsewhere, object]


class Borrows(metaclass=Adding):
    pass


class Child(Borrows):
    pass


borrower = Borrows()
print(Borrows.__bases__, Borrows.__mro__, Child.__mro__, Borrows.found)
Elsewhere.found = "changed"
print(borrower.found, Child.found, Child().found)
Elsewhere.late = lambda self: "changed"
print(borrower.late(), isinstance(borrower, Elsewhere))


class WithoutItself(type):
    def mro(cls):
        return (Elsewhere,) if cls.__name__ == "Out" else type.mro(cls)


try:
    class Out(metaclass=WithoutItself):
        own = 1
except TypeError as error:
    print(error)


def refused(make):
    try:
        make()
    except TypeError as error:
        print(type(error).__name__, error)


class Says(type):
    answer = None

    def mro(cls):
        return Says.answer if Says.answer is not None else type.mro(cls)


for answer in (5, [5], [int], [object, "x"]):
    Says.answer = answer
    refused(lambda: Says("Made", (), {}))
Says.answer = None


class During(type):
    wanted = None

    def mro(cls):
        if cls.__mro__ is None and cls.__name__ == "A":
            refused(lambda: type("Sub", (cls,), {}))
        elif During.wanted is not None and cls.__name__ == "C":
            wanted, During.wanted = During.wanted, None
            cls.__bases__ = wanted
        return type.mro(cls)


class A(metaclass=During):
    place = "A"


class B1(A):
    place = "B1"


class B2(A):
    place = "B2"


class C(A):
    pass


print(C.place)
During.wanted = (B2,)
C.__bases__ = (B1,)
print(C.__bases__, C.__mro__, C.place, B1.__subclasses__(), B2.__subclasses__())
B2.place = "B2 changed"
print(C.place, C().place)
refused(lambda: setattr(B2, "__bases__", (C,)))
B1.__bases__ = (C,)
print(B1.__mro__)


class One:
    __slots__ = ("a", "b")


class Two:
    __slots__ = ("b", "a")


class Other:
    __slots__ = ("a", "c")


class More(One):
    __slots__ = ("d",)


one = One()
one.a, one.b = 1, 2
one.__class__ = Two
print(type(one), one.a, one.b)
one.a = 3
one.__class__ = One
del one.b
print(type(one), one.a, hasattr(one, "b"))
refused(lambda: setattr(one, "__class__", Other))
refused(lambda: setattr(one, "__class__", More))


class Wrong(int):
    __add__ = str.__add__
    __eq__ = str.__eq__


refused(lambda: Wrong(1) + Wrong(2))
refused(lambda: Wrong(1) == Wrong(2))
refused(lambda: str.__add__(5, "a"))
