"""Generators that die while suspended, in every place a reference can end."""


def resource(name):
    try:
        yield f"{name} 1"
        yield f"{name} 2"
    finally:
        print("release", name)


class Guard:
    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        print("guard", kind.__name__ if kind else None)


def guarded():
    with Guard():
        yield 1
        yield 2


def local():
    g = resource("local")
    next(g)
    return "left"


def argument(g):
    return next(g)


def from_loop():
    for item in resource("loop"):
        return item


def delegating():
    yield from resource("inner")


def wrapping():
    for item in resource("wrapped"):
        yield item


def raising():
    g = resource("raising")
    next(g)
    raise ValueError("r")


g = resource("rebound")
next(g)
g = None
g = resource("deleted")
next(g)
del g
print(local())
print(argument(resource("argument")))
print(from_loop())
print(next(resource("temporary")))
for item in resource("broken"):
    break
box = [resource("boxed")]
next(box[0])
box.clear()
g = guarded()
next(g)
g = 1
g = delegating()
next(g)
g = 2
g = wrapping()
next(g)
g = resource("never started")
g = 3
try:
    raising()
except ValueError as error:
    print(error)
print("end")
