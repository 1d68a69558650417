"""Membership in displays of constants, which the compiler makes one frozenset: equal values are one, and no others."""


def show(function):
    print(sorted(map(repr, function.__code__.co_consts[-1])))


def whole(x):
    return x in {9007199254740992, 9007199254740993, 9007199254740992.0}


def mixed(x):
    return x in {1, 1.0, True, 2, 2.5, 2}


def zeros(x):
    return x in {0.0, -0.0, False}


def huge(x):
    return x not in {10 ** 40, 10 ** 40 + 1, 1e40}


def texts(x):
    return x in {"a", b"a", "b", "a", None, ("a",), ("a",)}


for function in whole, mixed, zeros, texts:
    show(function)
print(whole(9007199254740993), whole(9007199254740994), mixed(True), zeros(-0.0), huge(10 ** 40 + 1), texts(b"a"))
