"""Frame objects: sys._getframe, tb_frame, gi_frame, f_locals."""

import sys


def where(n=0):
    f = sys._getframe(n + 1)
    return f.f_code.co_name, f.f_lineno


def outer(a):
    b = a + 1

    def inner(c):
        f = sys._getframe()
        print(f.f_code.co_name, f.f_back.f_code.co_name, f.f_back.f_back.f_code.co_name)
        print(sorted(f.f_locals), sorted(f.f_back.f_locals), f.f_back.f_locals["b"])
        f.f_back.f_locals["a"] = "changed"
        f.f_locals["c"] = 99
        f.f_locals["extra"] = 5
        print(c, f.f_locals["extra"], "extra" in f.f_locals, len(f.f_locals))
        print(f is sys._getframe(), f.f_globals is globals(), f.f_builtins["len"] is len)
        return f, b

    f, _ = inner(3)
    print(a)
    print(f.f_back.f_code.co_name, f.f_lineno, f.f_locals["c"], f.f_locals.get("nothing", "none"))
    return f


print(where(), where(0))
frame = outer(1)
print(frame.f_back.f_code.co_name, frame.f_back.f_locals["a"], frame.f_back.f_back is sys._getframe())
frame.clear()
print(len(frame.f_locals))
try:
    sys._getframe().clear()
except RuntimeError as e:
    print(e)
try:
    sys._getframe(1000)
except ValueError as e:
    print(e)
print(sys._getframe().f_locals is globals())


def gen(x):
    y = x * 2
    yield sys._getframe()
    y += 1
    yield y


g = gen(5)
f = g.gi_frame
print(f.f_lineno, f.f_back, dict(f.f_locals))
own = next(g)
print(own is f, g.gi_frame is f, f.f_lineno, f.f_back, dict(f.f_locals))
f.f_locals["y"] = 100
print(next(g))
print(list(g), g.gi_frame, f.f_lineno)


def fails(n):
    local = "local %d" % n
    if n:
        fails(n - 1)
    raise KeyError(local)


try:
    fails(2)
except KeyError as e:
    tb = e.__traceback__
    while tb:
        f = tb.tb_frame
        print(f.f_code.co_name, tb.tb_lineno, f.f_lineno, sorted(f.f_locals) if f.f_code.co_name != "<module>" else "module", f is tb.tb_frame)
        tb = tb.tb_next
    print(e.__traceback__.tb_frame is sys._getframe())


def handles():
    mine = 1
    try:
        1 / 0
    except ZeroDivisionError as e:
        f = e.__traceback__.tb_frame
        print(f is sys._getframe(), sorted(f.f_locals), f.f_lineno)
        return f


f = handles()
print(f.f_lineno, sorted(f.f_locals), f.f_locals["mine"])


def proxies():
    a = 1
    p = sys._getframe().f_locals
    q = sys._getframe().f_locals
    print(p == q, p == {"a": 1}, {**p}.keys() == {"a", "p", "q"}, repr({"a": p["a"]}))
    for action in (lambda: p["zz"], lambda: p.get("zz", "none")):
        try:
            print(action())
        except (ValueError, KeyError) as e:
            print(type(e).__name__, e)
    p.update({"a": 3, "new": 4})
    print(a, p.setdefault("new", 5), p.setdefault("other", 6), sorted(p), [k for k in reversed(p)][0])
    print((p | {"a": 9})["a"], ({"a": 9} | p)["a"])


proxies()


class C:
    x = 1
    f = sys._getframe()
    print(f.f_code.co_name, sorted(f.f_locals)[-2:], f.f_lineno)
    f.f_locals["y"] = 2
    print(y)
