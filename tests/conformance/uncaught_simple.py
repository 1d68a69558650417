# ends: traceback
"""An exception leaves the module through functions and a comprehension."""


def inner(x):
    return 10 // x


def middle(values):
    return [
        inner(v)
        for v in values
    ]


def outer():
    try:
        return middle((5, 2, 0))
    finally:
        print("finally of outer")


print(middle((1, 2)))
outer()
print("never")
