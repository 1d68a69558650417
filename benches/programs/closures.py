"""Closures and functions as values: counters, composition, memoising, callbacks."""


def counter():
    n = 0

    def step(by=1):
        nonlocal n
        n += by
        return n

    return step


def compose(*functions):
    def composed(x):
        for f in functions:
            x = f(x)
        return x

    return composed


def memoize(f):
    known = {}

    def wrapper(n):
        if n not in known:
            known[n] = f(n)
        return known[n]

    return wrapper


@memoize
def collatz(n):
    return 0 if n == 1 else 1 + collatz(n // 2 if n % 2 == 0 else 3 * n + 1)


def main():
    step = counter()
    for i in range(300_000):
        step()
        step(i & 3)
    f = compose(lambda x: x + 1, lambda x: x * 2, lambda x: x % 1009)
    x = 0
    for _ in range(80_000):
        x = f(x)
    longest = max(collatz(n) for n in range(1, 20_000))
    return step(0), x, longest, sum(map(lambda v: v * 2, filter(lambda v: v & 1, range(100_000))))


if __name__ == "__main__":
    print(main())
