"""When objects die: rebinding, del, frames, exceptions, containers, cycles of scopes."""


class Tracked:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)

    def method(self):
        return self.name


def returns():
    t = Tracked("returned")
    return t


def raises():
    t = Tracked("in raising frame")
    raise ValueError("r")


def argument(t):
    t = None
    return "argument rebound"


def closure():
    t = Tracked("closed over")
    return lambda: t.name


a = Tracked("a")
a = None
b = c = Tracked("b")
del b
print("still c")
del c
print(returns().name)
try:
    raises()
except ValueError as error:
    print("handling")
print("handled")
print(argument(Tracked("argument")))
f = closure()
print(f())
f = None
items = [Tracked("i0"), Tracked("i1"), Tracked("i2")]
del items[1]
items.pop()
items[0] = None
d = {"k": Tracked("value")}
d["k"] = Tracked("new value")
d.clear()
m = Tracked("bound").method
print(m())
del m
for t in (Tracked("loop 1"), Tracked("loop 2")):
    pass
print("after loop")
del t
x, y = Tracked("x"), Tracked("y")
x, y = y, x
del x, y
t = (Tracked("in tuple"), 1)
t = t[1:]
[Tracked(n).name for n in ("comp 1", "comp 2")]
Tracked("expression")
print(Tracked("argument of print").name)
print("end")
