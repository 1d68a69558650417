"""__bool__, __len__, __eq__, __hash__, __contains__ where the language asks for them."""


class Truth:
    def __init__(self, value):
        self.value = value

    def __bool__(self):
        print("bool", self.value)
        return self.value


class Sized:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        print("len", self.n)
        return self.n


class Same:
    def __init__(self, key):
        self.key = key

    def __eq__(self, other):
        print("eq", self.key)
        return isinstance(other, Same) and self.key == other.key

    def __hash__(self):
        print("hash", self.key)
        return self.key % 2


class Broken:
    def __bool__(self):
        raise ValueError("no truth")

    def __eq__(self, other):
        raise ValueError("no equality")


yes, no = Truth(True), Truth(False)
if yes: print("if")
if not no: print("not")
if (yes
        and no
        or Sized(1)):
    print("and or")
while no:
    print("never")
print("x" if Sized(0) else "y", bool(yes), not yes, [v for v in (1, 2) if no])
assert yes
print(all([yes, no]), any([no, yes]), len(list(filter(bool, [yes]))))
a, b = Same(1), Same(3)
d = {a: "a"}
print(b in d, d.get(Same(1)), d.setdefault(b, "b"), len(d))
print(a == b, a != b, a is a, a in [b, a], [a, b].index(b), [a].count(a), (a,) == (a,))
s = {a, Same(1), b}
print(len(s), Same(3) in s)
for test in (
    lambda: 1 if Broken() else 2,
    lambda: Broken() and 1,
    lambda: not Broken(),
    lambda: Broken() == 1,
    lambda: 1 in [Broken()],
    lambda: [x for x in (1,) if Broken()],
):
    try:
        print(test())
    except ValueError as error:
        print(error)
try:
    while Broken():
        pass
except ValueError:
    print("while")
try:
    if (yes and
            Broken()):
        pass
except ValueError:
    print("if")
x = yes and 1 or 2
y = no or Sized(0) or "last"
print(x, y, max([1, 2], key=lambda v: -v))
