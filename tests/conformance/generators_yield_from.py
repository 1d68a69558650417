"""yield from: values, return values, send, throw and close through it."""


def inner(n):
    total = 0
    try:
        for i in range(n):
            got = yield i
            total += got or 0
    except KeyError as error:
        yield f"inner caught {error}"
    finally:
        print("inner leaves")
    return total


def outer(n):
    result = yield from inner(n)
    print("result", result)
    yield from [10, 20]
    yield from "ab"
    empty = yield from ()
    return result, empty


def tree(node):
    if node:
        left, value, right = node
        yield from tree(left)
        yield value
        yield from tree(right)


def guarded():
    try:
        yield from inner(3)
    except ValueError as error:
        yield f"outer caught {error}"
    finally:
        print("outer leaves")


def drive(generator):
    while True:
        try:
            print(next(generator))
        except StopIteration as stop:
            return stop.value


class Three:
    def __iter__(self):
        return iter((1, 2, 3))


def from_object():
    yield from Three()
    return (yield from inner(0))


print(drive(outer(2)))
g = outer(3)
print(next(g), g.send(5), g.send(6), next(g))
g.close()
print(list(tree(((None, 1, None), 2, (None, 3, (None, 4, None))))))
g = guarded()
print(next(g), g.throw(KeyError("k")))
print(next(g, "over"))
g = guarded()
print(next(g), g.throw(ValueError("v")), next(g, "over"))
g = guarded()
next(g)
g.close()
print(drive(from_object()))
g = outer(0)
print(next(g))
try:
    g.throw(RuntimeError("into a list"))
except RuntimeError as error:
    print(error)
