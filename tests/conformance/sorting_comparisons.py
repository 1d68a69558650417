# trace: none
"""Sorting by comparisons in Python: which pairs are compared, and what an error leaves behind."""
log = 0
class K:
    def __init__(self, v): self.v = v
    def __lt__(self, o):
        global log
        log = (log * 31 + self.v * 7 + o.v * 3 + 1) % 1000000007
        return self.v < o.v
seed = 1
def rnd(n):
    global seed
    seed = (seed * 1103515245 + 12345) % (1 << 31)
    return (seed >> 8) % n
for n in (0, 1, 2, 3, 5, 10, 20, 33, 50, 63, 64, 65, 100, 130, 257, 500, 1000):
    for kind in range(9):
        if kind == 0: d = [rnd(1000) for _ in range(n)]
        elif kind == 1: d = list(range(n))
        elif kind == 2: d = list(range(n, 0, -1))
        elif kind == 3: d = [rnd(4) for _ in range(n)]
        elif kind == 4: d = [i // 5 for i in range(n, 0, -1)]
        elif kind == 5: d = list(range(n // 2)) + list(range(n // 2))
        elif kind == 6: d = list(range(n // 2, n)) + list(range(n // 3)) + [rnd(50) for _ in range(n // 6)]
        elif kind == 7: d = [i if rnd(10) else rnd(n) for i in range(n)]
        else: d = [5] * (n // 3) + list(range(n // 3)) * 2 + [2] * (n // 4)
        for rev in (False, True):
            s = sorted([K(x) for x in d], reverse=rev)
            print(n, kind, rev, log, [k.v for k in s] == sorted(d, reverse=rev))
class Bad(K):
    c = 0
    def __lt__(self, o):
        Bad.c += 1
        if Bad.c == stop: raise ValueError
        return self.v < o.v
for stop in range(1, 900, 13):
    l = [Bad(rnd(100)) for _ in range(60)] + [Bad(i) for i in range(60)]; Bad.c = 0
    try: l.sort()
    except ValueError: pass
    print([b.v for b in l])
