def f(a, b, c):
    x = a and b or c
    y = a if b else c
    z = 1 < a <= b < 3
    if a and (b or not c):
        x = 1
    elif a is None:
        x = 2
    elif a is not None and b not in [1, 2]:
        x = 3
    if 1 < a < 3:
        y = 4
    if not a in b:
        y = 5
    assert a, "message"
    assert (
        a and b
    )
    if (n := a) > 1:
        return n
    if a if b else c:
        return not a
    if __debug__:
        z = 1
    if 0:
        z = 2
    return (
        1
    )
