"""`types.SimpleNamespace`: its text, its comparisons, and what it is made from."""
import sys

SimpleNamespace = type(sys.implementation)

a = SimpleNamespace(x=1, y="q")
print(a, repr(a), SimpleNamespace())


class Point(SimpleNamespace):
    pass


print(Point(z=2), a == SimpleNamespace(x=1, y="q"), a == SimpleNamespace(x=1), a != SimpleNamespace(x=1), a == 1)
print(a == Point(x=1, y="q"), Point() == SimpleNamespace())
a.me = a
print(a)
a.__dict__[5] = 6
a.__dict__[""] = 7
print(a)
print(SimpleNamespace.__eq__(a, 1), SimpleNamespace.__name__, SimpleNamespace.__module__)
for f in (lambda: a < SimpleNamespace(), lambda: a < 1, lambda: hash(a), lambda: SimpleNamespace(**{"x": 1}).y):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)


class Loud:
    def __repr__(self):
        raise ValueError("no text")


try:
    print(SimpleNamespace(loud=Loud()))
except ValueError as e:
    print(e)
