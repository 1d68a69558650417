"""Sequence patterns: lengths, stars, nesting, what counts as a sequence."""


def shape(v):
    match v:
        case []:
            return "empty"
        case [x]:
            return "one", x
        case [x, y]:
            return "two", x, y
        case [first, *rest, last] if last == 0:
            return "zero at end", first, rest
        case [1, *rest]:
            return "starts with 1", rest
        case (*_, 9):
            return "ends with 9"
        case [[a, b], *others]:
            return "pair first", a, b, others
        case [*everything]:
            return "list", everything
        case _:
            return "no sequence"


class Sub(list):
    pass


class GetItem:
    def __getitem__(self, i):
        return 1

    def __len__(self):
        return 2


def counted():
    yield 1


for v in ([], [5], (1, 2), [4, 2, 0], [1, 2, 3], [3, 8, 9], [[1, 2], 3, 4], [7, 8, 6], range(3), "abc", b"ab",
          {1: 2}, {1, 2}, Sub([1, 2]), GetItem(), counted(), iter([1]), 5):
    result = shape(v)
    print(type(v).__name__, result)


def deep(v):
    match v:
        case [[[x]]]:
            return x
        case [[], [y, *_], *_]:
            return y
        case [_, [_, (z, "end")]]:
            return z


print(deep([[[1]]]), deep([[], [2, 3], 4]), deep([0, [0, (5, "end")]]), deep([1]))


def bindings_survive(v):
    match v:
        case [a, b, 3]:
            return "all", a, b
        case [a, *_]:
            return "first", a


print(bindings_survive([1, 2, 3]), bindings_survive([1, 2, 4]))
