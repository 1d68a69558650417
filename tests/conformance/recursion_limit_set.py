# trace: none
"""Limits that are too low for the frames there are.  Untraced, because the recorder's frames count."""
import sys


def set_limit(n):
    try:
        sys.setrecursionlimit(n)
        print('set', n)
    except (RecursionError, ValueError, TypeError, OverflowError) as e:
        print(type(e).__name__, e)
    finally:
        sys.setrecursionlimit(1000)


def deep(n):
    if n:
        return deep(n - 1)
    for limit in range(8, 16):
        set_limit(limit)


for limit in (-1, 0, 1, 2, 5, 2 ** 40, 'a', None):
    set_limit(limit)
deep(7)
print(sys.getrecursionlimit())
