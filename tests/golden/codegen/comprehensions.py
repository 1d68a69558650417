def f(a, b):
    c = [x for x in a]
    d = {x: y for x, y in a if x if y}
    e = {x for x in a for y in [x + 1]}
    g = [lambda: x for x in a]
    h = [
        x
        for x in a
        if x
    ]
    i = [[y for y in x] for x in a]
    j = [z := x for x in a]
    return sum(
        x for x in a
    )


k = [m for m in n]
for o in [1, 2, 3]:
    {o for o in p}
