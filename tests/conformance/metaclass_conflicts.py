"""Metaclass conflicts, bad bases, orders that do not exist, custom mro()."""


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class M1(type):
    pass


class M2(type):
    pass


class A(metaclass=M1):
    pass


class B(metaclass=M2):
    pass


attempt(lambda: type("C", (A, B), {}))
attempt(lambda: type("C", (A,), {}).__class__)
attempt(lambda: type("C", (1,), {}))
attempt(lambda: type("C", (bool,), {}))
attempt(lambda: type("C", (int, str), {}))
attempt(lambda: type("C", (A, A), {}))
attempt(lambda: type("C", (object, A), {}))
attempt(lambda: type("C", [A], {}))
attempt(lambda: type(1, (), {}))
attempt(lambda: type("C", (), []))
attempt(lambda: type("C", ()))
attempt(lambda: type("C\0", (), {}))
attempt(lambda: type.__new__(int, "C", (), {}))


class X:
    pass


class Y(X):
    pass


class P(X, ):
    pass


attempt(lambda: type("Z", (X, Y), {}))
attempt(lambda: [c.__name__ for c in type("Z", (Y, P), {}).__mro__])


class Renamed(type):
    def mro(cls):
        order = super().mro()
        print("mro of", cls.__name__)
        return order + [P] if P not in order else order


class Q(X, metaclass=Renamed):
    pass


attempt(lambda: [c.__name__ for c in Q.__mro__])


class Bad(type):
    def mro(cls):
        return [cls, 1]


attempt(lambda: Bad("W", (), {}))


class Entries:
    def __mro_entries__(self, bases):
        return (X, Y)[1:]


class WithEntries(Entries()):
    pass


print(WithEntries.__bases__, len(WithEntries.__orig_bases__))
attempt(lambda: type("W", (Entries(),), {}))


class BadEntries:
    def __mro_entries__(self, bases):
        return 1


try:
    class V(BadEntries()):
        pass
except TypeError as e:
    print(e)
