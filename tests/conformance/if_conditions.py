"""Conditions: and/or/not over lines, nesting, elif chains, constants."""


def classify(a, b, c):
    if (a
            and b
            or c):
        first = "x"
    elif not a:
        first = "y"
    else:
        first = "z"
    if a and (
        b or
        c
    ) and not (
        a
        and b
        and c
    ):
        second = 1
    else:
        second = 2
    if not (a or
            b):
        if c:
            return first, second, "c"
    return first, second, None


def constants():
    result = []
    if 0:
        result.append("never")
    if 1:
        result.append("always")
    else:
        result.append("never")
    if None: result.append("never")
    if "": result.append("never")
    if not 0: result.append("not 0")
    if __debug__:
        result.append("debug")
    if 1 and result: result.append("and")
    if 0 or result: result.append("or")
    if result is None or False:
        result.append("never")
    return result


def compare(x):
    if 0 < x < 10:
        return "digit"
    if (10
            <= x
            < 100):
        return "two"
    if x == 100 != 101 or x in (200, 300) and x is not None:
        return "special"
    if x is None: return "none"


for values in ((1, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (0, 0, 0)):
    print(values, classify(*values))
print(constants())
print([compare(v) for v in (5, 50, 100, 200, 400)])
