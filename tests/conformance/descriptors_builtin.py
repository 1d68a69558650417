"""__get__, __set__, __delete__ of built-in descriptors, and how they are shown."""
import sys


class C:
    x = property(lambda self: self._x, lambda self, v: setattr(self, "_x", v), lambda self: delattr(self, "_x"), "doc of x")

    def method(self, a=1):
        return (type(self).__name__, a)

    @staticmethod
    def static(a):
        return a

    @classmethod
    def klass(cls, a):
        return (cls.__name__, a)


c = C()
C.x.__set__(c, 4)
print(C.x.__get__(c), C.x.__get__(None, C) is C.x, C.x.__doc__, C.x.__name__)
C.x.__delete__(c)
try:
    c.x
except AttributeError as e:
    print(e)
bound = C.__dict__["method"].__get__(c, C)
print(bound(2), bound.__self__ is c, bound.__func__ is C.__dict__["method"], bound.__name__, bound == c.method, bound is c.method)
print(C.__dict__["method"].__get__(None, C) is C.method)
print(C.__dict__["static"].__get__(None, C)(1), C.__dict__["klass"].__get__(c)(2), C.__dict__["klass"].__get__(None, C)(3))
print(list.append, list.__len__, dict.__dict__["fromkeys"], int.real, type.__dict__["__dict__"], slice.start)
print([].append.__self__, len.__self__, [].append.__name__, [].append.__qualname__, list.append.__qualname__, list.append.__objclass__)
print([].__len__.__self__, list.__len__.__get__([1, 2])(), list.append.__get__([], list).__name__)
print(property(lambda s: 1).__get__(5), super.__thisclass__, complex.real, range.start)
for f in (
    lambda: list.append(1, 2),
    lambda: list.__len__(1),
    lambda: list.append(),
    lambda: list.__len__(),
    lambda: int.real.__get__("a"),
    lambda: list.append.__get__(1),
    lambda: C.method(),
    lambda: c.method(1, 2),
    lambda: setattr(c, "x", 1) or C.x.fset(c, 5) or c.x,
    lambda: setattr(slice(1), "start", 2),
    lambda: setattr(C.x, "fget", 2),
    lambda: setattr(1, "real", 2),
    lambda: [].append(),
    lambda: [].append(1, 2),
    lambda: len(1, 2),
    lambda: dict.fromkeys(),
    lambda: staticmethod(),
    lambda: classmethod(1, 2),
    lambda: property(1, 2, 3, 4, 5),
    lambda: property(x=1),
):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
s = staticmethod(C.method)
print(s.__func__ is C.method, s.__wrapped__ is C.method, s(c, 7), s.__name__)
print(classmethod(C.method).__func__ is C.method, property().fget, property().__doc__)
