"""Unpacking and assignment targets, augmented assignment, swaps, del."""


class Holder:
    pass


def pair():
    return 1, 2


def wrong(values):
    try:
        a, b = values
        return a, b
    except (ValueError, TypeError) as error:
        return type(error).__name__


a, b = pair()
b, a = a, b
(c, d), e = (3, 4), 5
[f, (g, *h)] = [6, (7, 8, 9)]
first, *middle, last = range(5)
*start, end = "xyz"
only, = [10]
print(a, b, c, d, e, f, g, h, first, middle, last, start, end, only)
x = y = z = []
x.append(1)
print(x is y is z, y)
o = Holder()
o.a, o.b = 1, 2
box = {}
box["k"], (box["l"], o.c) = 1, (2, 3)
print(o.a, o.b, o.c, box)
i = 0
i, box[i] = 5, "i was set first"
print(box)
a, \
    b = (
        1,
        2,
    )
(
    a,
    b,
) = pair()
n = 10
n += 1; n -= 2; n *= 3; n //= 4; n **= 2; n %= 7; n <<= 3; n |= 1; n ^= 2; n &= 14; n >>= 1
print(n)
s = "a"
s += "b" \
    "c"
t = (1,)
t += (2,)
print(s, t, [*t, *s], (*t, 3), {*t, 1}, {**box, "z": 1})
for values in ((1, 2), (1,), (1, 2, 3), 5, "ab", {1: 2, 3: 4}):
    print(wrong(values))
try:
    a, *b, c = 1,
except ValueError as error:
    print(error)
del a, (o.a, box["k"]), [f]
try:
    a
except NameError as error:
    print(error)
try:
    del o.a
except AttributeError as error:
    print(error)
try:
    del box["none"]
except KeyError as error:
    print(error)
for q in range(3):
    v = q
    del v
    del q
try:
    q
except NameError as error:
    print(error)
