"""Sorting what does not know its order: which comparisons are asked, and how often."""


class Undecided:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        print("lt", self.value, other.value)
        return NotImplemented


class Reflected(Undecided):
    def __gt__(self, other):
        print("gt", self.value, other.value)
        return self.value > other.value


class Truthful:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return [1] * (self.value < other.value)


def attempt(function):
    try:
        print(function())
    except TypeError as error:
        print(error)


attempt(lambda: sorted([Undecided(1), Undecided(2)]))
attempt(lambda: [x.value for x in sorted([Reflected(2), Reflected(1), Reflected(3)])])
attempt(lambda: [x.value for x in sorted([Undecided(2), Reflected(1)])])
attempt(lambda: [x.value for x in sorted([Truthful(2), Truthful(1), Truthful(3)])])
attempt(lambda: sorted([1j, 2j]))
attempt(lambda: sorted([None, None]))
attempt(lambda: sorted([{1}, {1, 2}, set()]))
attempt(lambda: sorted([[2], [1, 2], []], reverse=True))
attempt(lambda: sorted([True, 2, 0.5, -1]))
