"""Default arguments, shared mutable state, attributes of functions, del."""


def remember(x, seen=[]):
    seen.append(x)
    return seen


def counter():
    counter.calls += 1
    return counter.calls


def order(a=print("default 1"), *, b=print("default 2")):
    return a, b


counter.calls = 0
print(remember(1), remember(2), remember(3, []), counter(), counter())
print(order(), order(1, b=2), remember.__defaults__, counter.__name__, order.__kwdefaults__)


class Stack:
    shared = []

    def __init__(self):
        self.own = []

    def push(self, x):
        self.own.append(x)
        self.shared.append(x)
        return self


s, t = Stack(), Stack()
print(s.push(1).push(2).own, t.push(3).own, Stack.shared)
del s.own
try:
    s.own
except AttributeError as error:
    print(error)
del Stack.push
try:
    t.push(1)
except AttributeError as error:
    print(error)
print(vars(t), hasattr(Stack, "shared"), dir(t)[-2:])
namespace = globals()
namespace["made"] = 5
print(made, "namespace" in globals(), sorted(locals()) == sorted(globals()))


def local_names(a):
    b = a + 1
    return sorted(locals().items())


print(local_names(1))
del counter.calls
try:
    counter()
except AttributeError as error:
    print(error)
