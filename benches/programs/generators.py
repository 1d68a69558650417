"""Generators: pipelines, yield from, send."""


def count(n):
    i = 0
    while i < n:
        yield i
        i += 1


def evens(items):
    for item in items:
        if item % 2 == 0:
            yield item


def walk(tree):
    if tree is None:
        return
    left, value, right = tree
    yield from walk(left)
    yield value
    yield from walk(right)


def build(low, high):
    if low >= high:
        return None
    middle = (low + high) // 2
    return build(low, middle), middle, build(middle + 1, high)


def averager():
    total = 0
    n = 0
    value = 0
    while True:
        value = yield (total // n if n else 0)
        total += value
        n += 1


def main():
    first = sum(evens(count(600_000)))
    second = sum(walk(build(0, 20_000)))
    average = averager()
    next(average)
    last = 0
    for i in range(100_000):
        last = average.send(i)
    return first, second, last


if __name__ == "__main__":
    print(main())
