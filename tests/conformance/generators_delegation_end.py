"""throw() that ends a delegation: the outer generator goes on behind its `yield from`."""


class Box:
    def __init__(self, **fields):
        for name, value in fields.items():
            setattr(self, name, value)


BOXES = [Box(**{f"f{i}": i, "x": i}) for i in range(24)]
a, b, c, d, e, f, g, h = BOXES[:8]
i, j, k, l, m, n, o, p = BOXES[8:16]


def inner():
    while True:
        try:
            yield "inner"
        except KeyError as error:
            return f"ended by {error}"


def outer():
    total = a.x + b.x + c.x + d.x + e.x + f.x + g.x + h.x
    total += i.x + j.x + k.x + l.x + m.x + n.x + o.x + p.x
    result = yield from inner()
    yield total, result
    result = yield from inner()
    return result, a.x + p.x


generator = outer()
print(next(generator))
print(generator.throw(KeyError("one")))
print(next(generator))
try:
    generator.throw(KeyError("two"))
except StopIteration as stop:
    print(stop.value)
