"""__instancecheck__, __subclasscheck__, __subclasshook__, __class__ assignment, __bases__ assignment."""


class Even(type):
    def __instancecheck__(cls, obj):
        return isinstance(obj, int) and obj % 2 == 0

    def __subclasscheck__(cls, sub):
        return sub.__name__.startswith("E")


class E(metaclass=Even):
    pass


class Eel:
    pass


print(isinstance(4, E), isinstance(3, E), isinstance("x", E), issubclass(Eel, E), issubclass(int, E))
print(isinstance(E(), E), type.__instancecheck__(E, E()), isinstance(3, (str, E)), isinstance(4, (str, E)))
for f in (lambda: isinstance(1, 2), lambda: issubclass(1, int), lambda: issubclass(int, 2), lambda: isinstance(1, (int, 2))):
    try:
        print(f())
    except TypeError as e:
        print(e)


class Proxy:
    def __init__(self, target):
        self.target = target

    @property
    def __class__(self):
        return type(self.target)


p = Proxy([])
print(isinstance(p, list), isinstance(p, Proxy), isinstance(p, int), p.__class__, type(p) is Proxy)


class A:
    def who(self):
        return "A"


class B:
    def who(self):
        return "B"


class S:
    __slots__ = ("x",)


a = A()
a.v = 1
print(a.who())
a.__class__ = B
print(a.who(), a.v, type(a) is B)
for bad in (S, int, 1):
    try:
        a.__class__ = bad
    except TypeError as e:
        print(e)
try:
    (1).__class__ = bool
except TypeError as e:
    print(e)


class C(A):
    pass


c = C()
print(c.who(), C.__bases__, C.__mro__ == (C, A, object))
C.__bases__ = (B,)
print(c.who(), C.__bases__, A.__subclasses__() == [], B.__subclasses__() == [C])
for bad in ((), (C,), (int,), [B], (1,)):
    try:
        C.__bases__ = bad
    except TypeError as e:
        print(e)
print(C.__base__, C.__bases__)
