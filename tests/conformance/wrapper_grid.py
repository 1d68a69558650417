"""Methods of built-in types by name, called with what they do not expect: counts, other types, bools and subclasses."""

import itertools


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, e)


class Text(str):
    pass


print("-- comparisons of int with float are left to float")
for name in ("__eq__", "__ne__", "__lt__", "__ge__"):
    print(name, getattr(1, name)(1.5), getattr(1, name)(2), getattr(1.5, name)(1), getattr(True, name)(1.0))
print(1 < 1.5, 10**30 == 1e30, 2 >= 1.5)

print("-- counts of arguments")
for o, name, args in (
    (2, "__pow__", ()),
    (2, "__pow__", (1, 2, 3)),
    (2.5, "__rpow__", ()),
    (2, "__mul__", ()),
    ("a", "__mul__", ()),
    ([], "__rmul__", (1, 2)),
    ((), "__setattr__", ("a",)),
    ({}, "__setitem__", ()),
    ([], "__setitem__", (1, 2, 3)),
    (b"", "__buffer__", ()),
    ("a", "__add__", ()),
    ("a", "__contains__", (1, 2)),
):
    attempt(getattr(o, name), *args)

print("-- powers with a modulus")
print((3).__rpow__(2, 5), (3).__rpow__(2, "a"), (3).__pow__(2, 5))
attempt((2.0).__rpow__, 3.0, 2)
attempt(1j.__rpow__, 2, 3)

print("-- iterators")
print(type(iter("a")).__name__, type(iter(Text("a"))).__name__)
print(list(itertools.islice(itertools.count(True), 2)), list(itertools.islice(itertools.count(True, 2), 2)))

print("-- bytes")
attempt(b"ab".hex, ())
attempt(b"ab".hex, "-", None)
attempt(b"ab".find, "a", "b")
attempt(b"ab".count, "a", None)
attempt(bytes, 0, 0)
attempt(bytearray, "a", "utf-8", 0)
attempt(int, bytearray(b"z"))
attempt(float.fromhex, 5)
attempt(memoryview(b"ab").__delitem__, 0)
attempt(memoryview(bytearray(b"ab")).__delitem__, 0)

print("-- descriptors")
print(classmethod(len), staticmethod(5))
attempt(property(len).__delete__, 0)
attempt(property(len).__set__, 0, 0)
attempt(property().__get__, 0)

print("-- the rest")
attempt({}.pop, [])
attempt({}.pop, [], 7)
attempt({1: 2}.pop, [])
attempt([].pop, 10**30)
attempt(lambda: max(nosuch=1))
