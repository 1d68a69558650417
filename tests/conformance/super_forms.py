"""super() in all of its forms."""


class A:
    attr = "A.attr"

    def f(self):
        return "A"

    @classmethod
    def k(cls):
        return ("A.k", cls.__name__)

    @staticmethod
    def s():
        return "A.s"

    @property
    def p(self):
        return "A.p"


class B(A):
    attr = "B.attr"

    def f(self):
        return "B" + super().f()

    @classmethod
    def k(cls):
        return ("B.k", super().k())

    @staticmethod
    def s():
        return "B.s" + super(B, B).s()

    @property
    def p(self):
        return "B.p" + super().p

    def attrs(self):
        return super().attr, super(B, self).attr, super(B, type(self)).attr


class C(A):
    def f(self):
        return "C" + super().f()


class D(B, C):
    def f(self):
        return "D" + super().f()

    def gen(self):
        return [super(D, self).f() for _ in range(1)]

    def nested(self):
        def inner():
            return super(D, self).f()

        return inner()


d = D()
print(d.f(), d.k(), d.s(), d.p, d.attrs(), d.gen(), d.nested())
s = super(B, d)
print(repr(s).split(" object")[0], s.__thisclass__, s.__self__ is d, s.__self_class__, s.f(), s.__class__)
u = super(B)
print(u.__self__, u.__thisclass__, repr(u))
B._unbound = u
print(d._unbound.f(), type(d._unbound))


class Auto(type):
    def __new__(mcls, name, bases, namespace):
        cls = super().__new__(mcls, name, bases, namespace)
        setattr(cls, f"_{name}__super", unbound_super(cls))
        return cls


def unbound_super(cls):
    return super(cls)


class P(metaclass=Auto):
    def m(self):
        return "P"


class Q(P):
    def m(self):
        return "Q" + self.__super.m()


print(Q().m())


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def no_class():
    return super().f()


class E(A):
    def no_args():
        return super().f()

    def deleted(self):
        del self
        return super().f()


attempt(no_class)
attempt(E.no_args)
attempt(lambda: E().deleted())
attempt(lambda: super(B, 5))
attempt(lambda: super(B, A()))
attempt(lambda: super(1, 2))
attempt(lambda: super(B, d, 1))
attempt(lambda: super(B, d).nothing)
attempt(lambda: super(A, d).f())
attempt(lambda: super(x=1))
attempt(lambda: setattr(super(B, d), "f", 1))


class Proxy:
    def __init__(self, o):
        self.o = o

    @property
    def __class__(self):
        return type(self.o)


print(super(B, Proxy(d)).attr)


class Get(A):
    def __getattr__(self, name):
        return "getattr " + name

    def call(self):
        return super().missing


attempt(lambda: Get().call())
