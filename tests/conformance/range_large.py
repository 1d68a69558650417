"""Ranges of more numbers than can be counted: membership, items, slices, positions, without going through them."""

import sys

MAX = sys.maxsize


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


for r in (range(-MAX, MAX), range(0, MAX**10, 2 * MAX), range(MAX**10, 0, -2 * MAX)):
    for n in (0, MAX, MAX - 1, MAX**10, -MAX, True, 2 * MAX * 5, r[-1], r[0], r[MAX + 1]):
        print(n in r, r.count(n))
        attempt(lambda: r.index(n))
    attempt(lambda: len(r))
    print(bool(r), r[-1], r[MAX + 1], r[MAX + 1 : MAX + 3], r[::MAX])
print(MAX in range(5), MAX**2 in range(5, 0, -1))
