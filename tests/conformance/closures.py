"""Closures, nonlocal, global, cells shared between functions."""

total = 0


def counter(start):
    n = start

    def increase(by=1):
        nonlocal n
        n += by
        return n

    def read():
        return n

    return increase, read


def add_to_total(x):
    global total, created
    total += x
    created = x
    return total


def late():
    return [lambda: i for i in range(3)], [lambda i=i: i for i in range(3)]


def outer():
    x = "outer"

    def middle():
        def inner():
            nonlocal x
            x = x + "!"
            return x

        inner()
        return inner

    return middle()(), x


def unbound(flag):
    if flag:
        value = 1

    def use():
        return value

    try:
        return use()
    except NameError as error:
        return str(error)


up, look = counter(10)
print(up(), up(5), look())
other, _ = counter(0)
print(other(), look())
print(add_to_total(3), add_to_total(4), total, created)
shared, own = late()
print([f() for f in shared], [f() for f in own])
print(outer())
print(unbound(True), unbound(False))


def local_error():
    try:
        print(later)
    except UnboundLocalError as error:
        print(type(error).__name__, error)
    later = 1
    del later
    try:
        later
    except UnboundLocalError as error:
        print(error)


local_error()
