def f(a, b):
    for i in a:
        if i:
            continue
        elif b:
            break
        else:
            pass
    else:
        b = 1
    while a < b:
        a += 1
        if a == 3:
            break
        while True:
            return
    else:
        a = 0
    for x in (
        1,
        2,
    ):
        pass
    while 0:
        never()
    for p, (q, *r) in [1, a]:
        if not (p and q or r):
            continue
    return a
