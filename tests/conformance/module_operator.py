"""_operator: the operators as functions, and the getters."""
import _operator as op


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except (TypeError, ValueError, AttributeError, LookupError) as e:
        print(type(e).__name__, e)


for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and_", "or_", "xor", "lt",
             "le", "eq", "ne", "gt", "ge", "is_", "is_not"):
    print(name, getattr(op, name)(12, 5), end="; ")
print()
for name in ("neg", "pos", "invert", "not_", "truth", "abs", "index"):
    print(name, getattr(op, name)(-3), end="; ")
print()
items = [1]
print(op.iadd(items, [2]), items, op.concat("a", "b"), op.contains("abc", "b"), op.countOf([1, 2, 1], 1))
op.setitem(items, 0, 9)
print(op.getitem(items, 0), op.indexOf(items, 2), op.length_hint(iter(items)), op.length_hint(1, 7))
op.delitem(items, 0)
print(items, op.call(max, 1, 2))


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def scaled(self, by, offset=0):
        return self.x * by + offset


a = Point(1, Point(2, 3))
print(op.attrgetter("x")(a), op.attrgetter("x", "y.x")(a), op.attrgetter("y.y"))
print(op.itemgetter(1)("abc"), op.itemgetter(2, 0)("abc"), op.itemgetter("k"))
print(op.methodcaller("scaled", 3, offset=1)(a), op.methodcaller("scaled", 3, offset=1))
attempt(op.add, 1)
attempt(op.add, 1, "a")
attempt(op.not_)
attempt(op.indexOf, [], 1)
attempt(op.concat, 1, 2)
attempt(op.attrgetter("none"), a)
attempt(op.attrgetter, 1)
attempt(op.itemgetter)
attempt(op.itemgetter(5), "abc")
attempt(op.methodcaller)
