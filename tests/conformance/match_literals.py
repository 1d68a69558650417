"""Literal, value, capture, wildcard and or patterns, with guards."""


class Color:
    RED = 1
    GREEN = 2

    class Inner:
        DEEP = "deep"


def literal(value):
    match value:
        case 0:
            return "zero"
        case -1 | 1:
            return "one"
        case 2.5:
            return "float"
        case "text" | 'other':
            return "string"
        case b"bytes":
            return "bytes"
        case None:
            return "none"
        case True:
            return "true"
        case False:
            return "false"
        case _:
            return "other"


def dotted(value):
    match value:
        case Color.RED:
            return "red"
        case Color.GREEN if value == 2:
            return "green"
        case Color.Inner.DEEP:
            return "deep"
        case other if isinstance(other, str):
            return "str " + other
        case other:
            return other


def guarded(n):
    match n:
        case x if x < 0:
            return "negative"
        case x if x % 2 == 0:
            return "even"
        case x if (y := x * 2) > 10:
            return y
    return "none"


for v in (0, -1, 1, 2.5, "text", "other", b"bytes", None, True, False, [], 7, 1.0):
    print(repr(v), literal(v))
for v in (1, 2, "deep", "x", 3):
    print(repr(v), dotted(v))
for v in (-5, 4, 9, 3):
    print(v, guarded(v))


def nested_as(v):
    match v:
        case (1 | 2) as small:
            return "small", small
        case ("a" | "b") as letter if letter != "b":
            return "letter", letter
        case _ as anything:
            return "any", anything


for v in (1, 2, "a", "b", 3):
    print(nested_as(v))
