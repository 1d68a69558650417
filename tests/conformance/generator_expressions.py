"""Generator expressions: evaluation order, layouts, partial use."""


def f(x):
    print("f", x)
    return x


def total(*values):
    return sum(values)


lazy = (f(x) for x in (1, 2, 3))
print("made")
print(next(lazy))
print(list(lazy))
print(sum(x * x for x in range(4)), max((x for x in [3, 1]), default=0))
print(any(x > 1 for x in (1, 2, 3)), all(x > 1 for x in (1, 2, 3)))
print(total(*(x for x in (1, 2))), sorted((x for x in "ba"), reverse=True))
print(list(
    x
    for x in range(5)
    if x % 2
    if x > 1
))
print("-".join(str(x)
               for x in range(3)
               if x))
try:
    (1 // 0 for x in ())
    (x for x in 1 // 0)
except ZeroDivisionError as error:
    print("outermost is eager:", error)
try:
    (x for x in 5)
except TypeError as error:
    print(error)
nested = ((x, y) for x in range(2) for y in range(x + 1))
print(list(nested), list(nested))
print(dict((k, v) for k, v in zip("ab", (1, 2))))


def consume(limit):
    source = (x for x in range(10))
    for x in source:
        if x >= limit:
            break
    return next(source)


def inner_scope(n):
    m = n * 2
    return list(m + k for k in range(n))


print(consume(3), inner_scope(3))
print(set(len(w) for w in ("a", "bb", "c")), tuple(i for i in ()))
try:
    print(list(1 / x for x in (1, 0)))
except ZeroDivisionError:
    print("inside")
