"""The order in which operands, targets, arguments and defaults are evaluated."""


def n(tag, value=None):
    print(tag, end=" ")
    return value


class Box(dict):
    def __setattr__(self, name, value):
        n("set" + name)
        dict.__setattr__(self, name, value)


def f(*args, **kwargs):
    return len(args) + len(kwargs)


box = Box()
n("dict", box)[n("key", 1)] = n("value", 2)
n("obj", box).attr = n("val", 3)
print()
n("a", 1) + n("b", 2) * n("c", 3) - n("d", 4) ** n("e", 1)
print()
f(n("p1"), *n("star", []), n("p2"), k=n("k"), **n("kw", {}), m=n("m"))
print()
{n("k1", 1): n("v1"), n("k2", 2): n("v2"), **n("more", {})}
print()
n("x", 0) and n("y") or n("z", 1) and n("w")
n("then") if n("cond", 0) else n("else")
n("l", 1) < n("m", 0) < n("r", 2)
print()
[n("e1"), *n("e2", ()), n("e3")]
n("seq", [1, 2, 3])[n("lo", 0):n("hi", 2):n("st", 1)]
print()
n("t1", box)[n("i1", 1)], n("t2", box)[n("i2", 2)] = n("r1", 5), n("r2", 6)
print()
n("aug", box)[n("ai", 1)] += n("av", 1)
print(box)
assert n("assert", True), n("never")
del n("del", box)[n("dk", 1)]
lambda a=n("lam"): n("never")
print()


def g(a=n("da"), *, b=n("db")):
    return n("body")


@n("deco1", lambda f: n("apply1", f))
@n("deco2", lambda f: n("apply2", f))
def h(x=n("dx")):
    pass


class K(n("base", object)):
    x = n("class body")


print()
for i in n("iter", (1, 2)):
    n("item")
else:
    n("loop else")
raise SystemExit(n("exit", 0))
