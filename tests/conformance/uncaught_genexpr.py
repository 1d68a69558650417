# ends: traceback
"""An uncaught exception in a generator expression and a lambda under C code."""

key = lambda pair: pair[1] / pair[0]
print(sorted([(1, 2), (2, 1)], key=key))
print(sum(x for x in (1, 2)))
try:
    print(max((key(p) for p in [(1, 1), (0, 1)])))
except ZeroDivisionError:
    print("once")
print(
    sorted(
        [(1, 1), (0, 1)],
        key=key,
    )
)
