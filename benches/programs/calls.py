"""Calls with keywords, defaults, *args and closures."""


def weigh(value, factor=3, *, offset=0):
    return value * factor + offset


def gather(*values, **named):
    return len(values) + len(named)


def make_adder(n):
    def add(x):
        return x + n

    return add


def main():
    add = make_adder(7)
    total = 0
    for i in range(300_000):
        total += weigh(i) - weigh(i, 2) + weigh(i, factor=1, offset=i)
        total += gather(i, i, key=i)
        total = add(total) % 1_000_003
    return total


if __name__ == "__main__":
    print(main())
