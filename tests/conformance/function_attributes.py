"""Functions as objects: their attributes, which can be set and to what."""


def outer(n):
    def inner(a, b=2, *args, c, d=4, **kw):
        """Doc of inner."""
        return (a, b, args, c, d, kw, n)

    return inner


f = outer(9)
print(f.__name__, f.__qualname__, f.__doc__, f.__module__, f.__defaults__, f.__kwdefaults__, f.__dict__, f.__closure__[0].cell_contents, f.__globals__ is globals(), f.__code__.co_name)
c = f.__code__
print(c.co_argcount, c.co_kwonlyargcount, c.co_posonlyargcount, c.co_varnames, c.co_freevars, c.co_cellvars, c.co_nlocals, outer.__code__.co_cellvars, c.co_flags & 12)
f.__defaults__ = (20,)
f.__kwdefaults__ = {"d": 40, "c": 30}
print(f(1), f(1, c=3))
f.__defaults__ = None
f.__kwdefaults__ = None
f.tag = "t"
f.__name__ = "renamed"
f.__qualname__ = "q.renamed"
f.__doc__ = "new"
print(f.__dict__, f.__name__, f.__doc__, "q.renamed" in repr(f))
f.__closure__[0].cell_contents = 100
print(f(1, 2, c=3, d=4))


def attempt(g):
    try:
        print(g())
    except Exception as e:
        print(type(e).__name__, e)


def plain(x):
    return x


def other(x):
    return x * 2


for g in (
    lambda: f(1), lambda: f(1, 2), lambda: f(), lambda: f(1, 2, c=3, d=4, a=5), lambda: plain(), lambda: plain(1, 2), lambda: plain(y=1), lambda: plain(1, x=2), lambda: plain(**{1: 2}), lambda: setattr(f, "__defaults__", 5), lambda: setattr(f, "__kwdefaults__", 5), lambda: setattr(f, "__name__", 5), lambda: setattr(f, "__code__", 5), lambda: setattr(plain, "__code__", f.__code__), lambda: setattr(f, "__globals__", {}), lambda: setattr(f, "__closure__", ()), lambda: delattr(f, "__name__"), lambda: delattr(f, "__code__"), lambda: setattr(f, "__dict__", 5), lambda: delattr(f, "nothing"), lambda: f.nothing, lambda: type(f)(), lambda: type(f)(plain.__code__, {})(3), lambda: type(f)(f.__code__, {}), lambda: type(f)(plain.__code__, {}, "n", (7,))(), lambda: type("X", (type(f),), {}),
):
    attempt(g)
plain.__code__ = other.__code__
print(plain(4), plain.__name__)
f.__dict__ = {"only": 1}
print(f.only, vars(f))


class C:
    def m(self, x=1):
        return x

    @classmethod
    def k(cls):
        return cls


o = C()
m = o.m
print(m.__name__, m.__qualname__, m.__self__ is o, m.__func__ is C.m, m(5), m == o.m, hash(m) == hash(o.m), C.k.__self__ is C, m.__defaults__, m.__code__ is C.m.__code__)
for g in (lambda: setattr(m, "x", 1), lambda: m.nothing, lambda: m(1, 2), lambda: C.m(), lambda: type(m)(plain, 7)(), lambda: type(m)(1, 2), lambda: type(m)(plain, None)):
    attempt(g)
l = lambda a, /, b, *, c=1: (a, b, c)
print(l.__name__, l.__code__.co_posonlyargcount, l(1, b=2, c=3))
for g in (lambda: l(a=1, b=2), lambda: l(1), lambda: l(1, 2, 3), lambda: l(1, 2, d=3)):
    attempt(g)
