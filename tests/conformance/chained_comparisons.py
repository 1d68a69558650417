"""Comparisons: chains, layouts, identity, membership, short circuits."""


def v(x):
    print("v", x)
    return x


class Odd:
    def __init__(self, answer):
        self.answer = answer

    def __lt__(self, other):
        return self.answer

    def __gt__(self, other):
        raise TypeError("no >")

    def __eq__(self, other):
        return "equal"


print(v(1) < v(2) < v(3), v(3) < v(2) < v(1))
print(v(1)
      < v(2)
      <= v(2)
      != v(5))
if v(1) < v(5) > v(2):
    print("middle is biggest")
if not v(1) == v(1) is not None:
    print("never")
while v(0) < v(1) < v(0):
    print("never")
print(1 in [1] == True, v is v is not None, "a" in "abc" in ("abc",), 2 not in (1,))
print(Odd([]) < 1 < v(2), Odd(5) < 1, Odd(1) == 2, Odd(1) != 2, 3 > Odd("reflected"))
try:
    Odd(1) > 0
except TypeError as error:
    print(error)
for left, right in ((1, "a"), (None, 0), ([], ()), ({}, {})):
    try:
        print(left < right)
    except TypeError as error:
        print(error)
print([1, 2] < [1, 3], (1,) < (1, 0), "a" < "b", b"a" < b"b", {1} < {1, 2}, 1 == 1.0 == True)
print(float("nan") == float("nan"), 10**20 < 10**21, -1 < 0.5 < 1, 2**63 == float(2**63))
x = 5
print("in" if 0 <= x < 10 else "out",
      "odd" if x % 2 == 1
      else "even")
assert 0 < x <= 5 < 6, "chain"
print([y for y in range(6) if 1 < y <= 4 if y != 3], all(0 <= y < 3 for y in range(3)))
print(x == 5 and v(6) > x or v(7), not x > 3, x is x)
