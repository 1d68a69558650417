"""Nested functions, classes and comprehensions, qualified names."""


def outer(n):
    class Local:
        size = n

        def method(self):
            def helper(k):
                return [
                    k * j + self.size
                    for j in range(n)
                ]
            return helper(2)

        class Deeper:
            def __repr__(self):
                return f"{type(self).__qualname__}"

        made = [cls() for cls in (Deeper,)]

    def inner(
        a,
        b=Local.size,
    ):
        total = a + b

        def innermost():
            nonlocal total
            total += 1
            return (lambda: total)()

        return innermost

    return Local(), inner(1)


local, bump = outer(3)
print(local.method(), local.made, bump(), bump())
print(bump.__qualname__, type(local).method.__qualname__)


def recursive(depth):
    def down(d):
        if d == 0:
            return [depth]
        return down(d - 1) + [d]
    return down(depth)


def accumulate():
    values = []

    class Collector:
        def __init__(self):
            self.store = values

        def __enter__(self):
            return self.store.append

        def __exit__(self, *_):
            values.append("closed")

    with Collector() as add:
        for x in range(2):
            add(x)
        (lambda: add("lambda"))()
    return values


x = "global"


class Scope:
    x = "class"

    def method(self):
        return x

    y = x
    z = [x for _ in range(1)]


def shadow():
    x = "local"

    class Inner:
        y = x

    return Inner.y, (lambda: x)(), [x for _ in "a"]


print(recursive(3), accumulate(), Scope().method(), Scope.y, Scope.z, shadow())


class Defaults(dict):
    def __missing__(self, name):
        return 'missing ' + name


def read_global():
    return some_global_name, len


namespace = Defaults(known=1)
function = type(read_global)(read_global.__code__, namespace)
print(function())
print(eval('known, unknown', Defaults(known=2)))
