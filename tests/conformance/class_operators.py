"""Operator methods: arithmetic, reflected, in-place, comparison, containers."""


class Vec:
    def __init__(self, *items):
        self.items = list(items)

    def __repr__(self):
        return f"Vec{tuple(self.items)}"

    def __add__(self, other):
        if not isinstance(other, Vec):
            return NotImplemented
        return Vec(*(a + b for a, b in zip(self.items, other.items)))

    def __mul__(self, k):
        return Vec(*[a * k for a in self.items])

    __rmul__ = __mul__

    def __iadd__(self, other):
        self.items = [a + b for a, b in zip(self.items, other.items)]
        return self

    def __neg__(self):
        return self * -1

    def __eq__(self, other):
        return isinstance(other, Vec) and self.items == other.items

    def __hash__(self):
        return hash(tuple(self.items))

    def __lt__(self, other):
        return self.items < other.items

    def __len__(self):
        return len(self.items)

    def __bool__(self):
        return any(self.items)

    def __getitem__(self, index):
        return self.items[index]

    def __setitem__(self, index, value):
        self.items[index] = value

    def __delitem__(self, index):
        del self.items[index]

    def __contains__(self, x):
        return x in self.items

    def __iter__(self):
        yield from self.items


a, b = Vec(1, 2), Vec(3, 4)
print(a + b, a * 2, 3 * b, -a, a == Vec(1, 2), a != b, a < b, a > b)
a += b
print(a, len(a), bool(Vec(0)), not Vec(1), a[0], a[-1:], 4 in a, 9 not in a)
a[0] = 9
del b[0]
print(a, b, [x for x in a], {a: "k"}[Vec(9, 6)], sorted([Vec(2), Vec(1)]))
x, y = a
print(x, y, f"{a} {a!r:>12}", str(b), "yes" if b else "no")
try:
    a + 1
except TypeError as error:
    print(error)
try:
    a < 3
except AttributeError as error:
    print(error)


class Modular(int):
    def __pow__(self, exponent, modulus=None):
        return f"{int(self)} to {exponent} mod {modulus}: {super().__pow__(exponent, modulus)}"


print(pow(Modular(2), 3, 5), pow(Modular(2), 3), pow(2, 3, 5))
