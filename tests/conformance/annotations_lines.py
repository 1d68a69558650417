"""Lines of modules and classes with annotated variables: making the function that evaluates them has no event."""
first = 1


second: int = 2
if second:
    third: int = 3


class Plain:
    """Annotations at the end."""
    left = 1
    right: int = 2


class Conditional:
    if first:
        left: int = 1
    else:
        right: int = 2


class Loops:
    for i in 1, 2:
        item: int = i


@staticmethod
class Decorated:
    one: int = 1; two: int = 2


def function():
    local: int = 1
    return local


def inner():
    class Inner:
        value: int = first

        def method(self):
            return super()
    return Inner


print(function(), inner().value, Loops.item, Conditional.left, Plain.right)
