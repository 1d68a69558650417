"""Comprehensions: conditions over lines, nesting, scopes, errors."""

scale = 3


def layouts(v):
    a = [
        x
        for x in v
        if x
        and x > 1
    ]
    b = {
        x:
        x * 2
        for x in v
        if x
        if x < 3
    }
    c = {x % 2
         for x in v}
    d = [(x, y) for x in v for y in v if x != y]
    e = [[y for y in range(x)]
         for x in v]
    return a, b, sorted(c), d, e


def scopes(n):
    x = "kept"
    functions = [lambda: x for x in range(n)]
    values = [f() for f in functions]
    inner = [scale * x for x in range(n)]
    return x, values, inner, [n for n in [n]]


class Body:
    factor = 2
    items = [i for i in range(3)]
    pairs = {i: j for i, j in zip(items, "abc")}
    first = [j for j in [factor]]


def failing():
    try:
        return [1 // x
                for x in (1, 0)]
    except ZeroDivisionError as error:
        return str(error)


def raising(x):
    if x == 2:
        raise ValueError(x)
    return x


def calls():
    return [
        raising(
            x
        )
        for x in (0, 1)
    ], {raising(x) for x in (1,)}, {raising(k): raising(v) for k, v in {0: 1}.items()}


print(layouts((0, 1, 2, 3)))
print(scopes(3))
print(Body.items, Body.pairs, Body.first)
print(failing(), calls())
try:
    {raising(x): 1 for x in range(4)}
except ValueError as error:
    print("dict", error)
print([x if x else "zero" for x in (0, 1)], [a + b for a, b in [(1, 2)]])
print([[r[i] for r in [[1, 2], [3, 4]]] for i in range(2)])
print([w for w in ["a", "b"] if not w == "a"], [(p := i) for i in range(2)], p)
print([f"{x}{y}" for x in "ab" if x for y in "cd" if y != "c"])
