"""Docstrings of properties: from the getter, given, in subclasses with and without a place for them."""


def one(self):
    "doc 1"


def two(self):
    "doc 2"


def none(self):
    pass


class Plain(property):
    pass


class Empty(property):
    __slots__ = ()


class Slot(property):
    __slots__ = ("__doc__",)


class Own(property):
    "doc of the class"


def attempt(f):
    try:
        p = f()
        print(type(p).__name__, p.__doc__)
        return p
    except Exception as e:
        print(type(e).__name__, e)


for cls in (property, Plain, Empty, Slot, Own):
    for getter in (None, one, none):
        for doc in (None, "given"):
            p = attempt(lambda: cls(getter, None, None, doc))
            if p is None:
                continue
            attempt(lambda: p.getter(two))
            attempt(lambda: p.getter(none))
            attempt(lambda: p.setter(two))
            attempt(lambda: p.getter(None))
    attempt(lambda: cls(doc="only doc"))
    attempt(lambda: cls())

p = property(one)
p.__doc__ = "set"
print(p.getter(two).__doc__, p.setter(two).__doc__)
p = property(none)
p.__doc__ = "set"
print(p.getter(two).__doc__)


class Reversed:
    class __reversed__:
        def __get__(self, o, owner):
            return lambda: iter("bound")

    __reversed__ = __reversed__()


print(list(reversed(Reversed())))


class Meta(type):
    class Check:
        def __get__(self, o, owner):
            return lambda other: print("checked") or True

    __instancecheck__ = __subclasscheck__ = Check()


class Checked(metaclass=Meta):
    pass


print(isinstance(1, Checked), issubclass(int, Checked))
