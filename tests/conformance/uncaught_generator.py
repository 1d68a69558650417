# ends: traceback
"""An uncaught exception inside a generator that others delegate to."""


def numbers():
    yield 1
    yield 2
    raise LookupError("no more numbers")


def doubled(source):
    for n in source:
        yield n * 2


def delegating():
    try:
        yield from doubled(numbers())
    finally:
        print("cleaned up")


total = 0
for value in delegating():
    total += value
    print(value, total)
