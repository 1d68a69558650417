"""Scopes of type parameters inside classes, whose names a class has too; what copying asks of exceptions; singletons."""

import _weakref


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, e)


def base_of(x):
    return type("Made", (), {"made_of": x})


print("-- names that a class and a function around it bind")


class Outer[T]:
    T = "class"

    class Inner[U](base_of(T), base_of([T for _ in (1,)])):
        both = T

    class Plain(base_of(T)):
        pass

    def method[U](self, x=[T for _ in (1,)]):
        return x, U


print(Outer.Inner.__bases__[0].made_of, Outer.Inner.__bases__[1].made_of, Outer.Inner.both)
print(Outer.Plain.__bases__[0].made_of, Outer().method()[0], Outer().method()[1])


def function():
    T = str

    class Holder:
        T = int

        class Derived[U](T):
            x = T

        type Alias = (T, [T for _ in (1,)])

    return Holder


holder = function()
print(holder.Derived.x, holder.Derived.__bases__[0])
print(holder.Alias.__value__)


def parameters[T, *Ts, **P]():
    pass


print([_weakref.ref(p)() is p for p in parameters.__type_params__])

print("-- singletons")
print(type(None)() is None, type(...)() is ..., type(NotImplemented)() is NotImplemented)
for one in (None, ..., NotImplemented):
    attempt(type(one), 1)

print("-- what copying asks of exceptions")


class Named(OSError):
    pass


for e in (
    OSError(2, "no", "file", None, "file2"),
    Named(2, "no", "file"),
    OSError(2, "no"),
    OSError("one"),
    ImportError("m", name="n", path="p"),
    ModuleNotFoundError("m"),
    AttributeError("m", name="n", obj=5),
    NameError("x", name="n"),
):
    kind, args, *state = e.__reduce__()
    print(kind.__name__, args, state)
e = OSError("a", "b")
e.filename = "c"
e.extra = 1
print(e.__reduce__())

print("-- functions and sums")


def f():
    pass


attempt(type(f), f.__code__, {}, "f", None, None, 5)
attempt(delattr, f, "__dict__")
attempt(sum, [], bytearray())
array = bytearray(b"x")


def parts():
    yield b"a"
    array.append(1)


attempt(array.join, parts())
