"""Weak references, proxies, callbacks, resurrection."""
from _weakref import CallableProxyType, ProxyType, getweakrefcount, getweakrefs, proxy, ref

log = []


class C:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return 5

    def __add__(self, other):
        return ("add", self.n, other)

    def __eq__(self, other):
        return isinstance(other, C) and self.n == other.n

    def __hash__(self):
        return 7

    def __iter__(self):
        return iter([1, 2])

    def __str__(self):
        return "strC"

    def method(self):
        return self.n


def callback(tag):
    def call(r):
        log.append((tag, r() is None))

    return call


c = C(1)
r = ref(c)
r2 = ref(c, callback("a"))
r3 = ref(c, callback("b"))
print(r() is c, ref(c) is r, r == r2, hash(r) == hash(c), getweakrefcount(c), getweakrefs(c)[0] is r)
print(r.__callback__, r2.__callback__ is not None)
p = proxy(c)
print(type(p) is ProxyType, len(p), p + 1, list(p), str(p), p.method(), p == c, isinstance(p, C))
p.n = 2
print(c.n)
f = proxy(callback)
print(type(f) is CallableProxyType, f("x") is not None)
del c
print(r(), log, r == r2, r == r, hash(r))
try:
    p.method()
except ReferenceError as e:
    print(e)
for bad in (1, "a", [], (), {}, None, object()):
    try:
        ref(bad)
    except TypeError as e:
        print(e)


class Slotted:
    __slots__ = ("a",)


class WeakSlotted:
    __slots__ = ("a", "__weakref__")


class L(list):
    pass


for make in (Slotted, WeakSlotted, L, lambda: {1}, lambda: callback, lambda: C):
    o = make()
    try:
        print(ref(o)() is o)
    except TypeError as e:
        print(e)


class Keyed(ref):
    __slots__ = ("key",)

    def __new__(cls, o, callback, key):
        return super().__new__(cls, o, callback)

    def __init__(self, o, callback, key):
        super().__init__(o, callback)
        self.key = key


o = L()
k = Keyed(o, lambda r: log.append(r.key), "k")
print(k() is o, k.key)
del o
print(log[-1])


class Phoenix:
    saved = None

    def __del__(self):
        log.append("del")
        Phoenix.saved = self


x = Phoenix()
w = ref(x)
del x
print(w() is Phoenix.saved, log[-1])
Phoenix.saved = None
print(w(), log.count("del"))
