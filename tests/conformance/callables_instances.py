"""Instances with __call__, functions as values, callbacks called from C."""


class Adder:
    def __init__(self, n):
        self.n = n

    def __call__(self, x, *, twice=False):
        return x + self.n * (2 if twice else 1)


class Refuses:
    def __call__(self):
        raise RuntimeError("no")


add = Adder(3)
print(add(4), add(4, twice=True), add(*[1]), Adder(1)(2))
print(list(map(add, [1, 2])), callable(add), callable(3))
try:
    Refuses()()
except RuntimeError as error:
    print("refused", error)


def negate(x):
    return -x


def odd(x):
    return x % 2


def fails(x):
    if x > 1:
        raise ValueError(f"bad {x}")
    return x


print(sorted([3, 1, 2], key=negate), max([1, 5, 2], key=negate))
print(list(filter(odd, range(5))), list(map(lambda a, b: a * b, [1, 2], [3, 4])))
for consume in (list, sum, sorted, tuple):
    try:
        print(consume(map(fails, [1, 2, 3])))
    except ValueError as error:
        print(error)
try:
    sorted([1, 2, 3], key=fails)
except ValueError as error:
    print("sorted", error)
table = {"neg": negate, "odd": odd}
print(table["neg"](4), table["odd"](4), (negate if add else odd)(1))
