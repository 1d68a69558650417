"""throw() and close(): caught, not caught, before the start, ignored."""


def careful():
    try:
        yield 1
    except ValueError as error:
        yield f"caught {error}"
    finally:
        print("finally")
    yield "after"


def stubborn():
    while True:
        try:
            yield "still here"
        except KeyError:
            continue


def refuses():
    try:
        yield 1
    except GeneratorExit:
        yield 2


def returns_on_exit():
    try:
        yield 1
    except GeneratorExit:
        print("leaving")
        return "value"


def plain():
    yield 1
    yield 2


def attempt(action):
    try:
        print(action())
    except BaseException as error:
        print(type(error).__name__, error)


g = careful()
print(next(g), g.throw(ValueError("v")), next(g), next(g, "done"))
g = careful()
next(g)
attempt(lambda: g.throw(TypeError("t")))
attempt(lambda: next(g))
s = stubborn()
print(next(s), s.throw(KeyError("k")), s.throw(KeyError))
attempt(lambda: s.throw(IndexError("i")))
attempt(lambda: plain().throw(ValueError("unstarted")))
p = plain()
next(p)
attempt(lambda: p.throw(ValueError("plain")))
r = refuses()
next(r)
attempt(lambda: r.close())
attempt(lambda: next(r))
x = returns_on_exit()
next(x)
attempt(lambda: x.close())
c = careful()
next(c)
c.close()
c.close()
attempt(lambda: next(c))
u = careful()
u.close()
attempt(lambda: next(u, "closed unstarted"))
attempt(lambda: u.throw(ValueError("closed")))
n = plain()
next(n)
n.close()
attempt(lambda: next(n, "closed plain"))
