"""Subscripts and slices: load, store, delete, over lines, steps."""


def i(x):
    return x


class Probe:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        print("set", key, value)

    def __delitem__(self, key):
        print("del", key)


items = list(range(10))
p = Probe()
print(items[2:5], items[:3], items[7:], items[::3], items[::-1], items[-3:-1])
print("héllo"[1:3], b"bytes"[::2], (1, 2, 3)[:2], range(10)[2:8:2])
print(p[1], p[1:2], p[::2], p[1, 2], p[1:2, ...], p[:], p[()])
items[2:4] = ["a", "b", "c"]
items[::5] = "XYZ"
print(items)
del items[1:3], items[0]
del items[-1:]
print(items)
p[0] = 1
p[1:2] = 2
p[
    i(3)
] = i(
    4
)
del p[5], p[6:7]
p[0] = p[1] = i(8)
x = items[
    i(0):
    i(2)
]
print(x, items[i(1)
               :i(3)])
grid = [[0] * 2 for _ in range(2)]
grid[0][1] = 5
grid[1][i(0)] += 7
grid[i(0)][:] = [9, 9]
print(grid, items[slice(1, 3)], slice(1, 2).indices(5))
d = {}
d["k"] = d.get("k", 0) + 1
d["k"] += 1
d[1, 2] = "tuple"
print(d)
for bad in (lambda: items[99], lambda: d["none"], lambda: str(d)["x"], lambda: (1,)[5],
            lambda: items[::0], lambda: i(None)[1]):
    try:
        print(bad())
    except (LookupError, TypeError, ValueError) as error:
        print(type(error).__name__, error)
try:
    (1, 2)[
        0
    ] = 3
except TypeError as error:
    print(error)
