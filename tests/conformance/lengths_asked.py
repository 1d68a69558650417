"""Who asks an iterable for its length, and what becomes of a length that is wrong."""


class Sized:
    def __init__(self, length):
        self.length = length

    def __len__(self):
        if isinstance(self.length, type):
            raise self.length("no length")
        return self.length

    def __iter__(self):
        return iter([1])


class Derived(list):
    def __len__(self):
        return "x"


class Key:
    def __init__(self, number):
        self.number = number

    def __hash__(self):
        print("hash", self.number)
        return self.number


def keys():
    for number in range(2):
        print("next", number)
        yield Key(number)


uses = (
    lambda o: [*o], lambda o: list(o), lambda o: (*o,), lambda o: tuple(o), lambda o: sorted(o), lambda o: [].extend(o),
    lambda o: {*o}, lambda o: [].__iadd__(o), lambda o: print(*o), lambda o: bytearray(o), lambda o: list(map(str, o)),
    lambda o: set(o), lambda o: dict.fromkeys(o), lambda o: "".join(map(str, o)), lambda o: max(o, default=0),
)
for made in (Sized(5), Sized(-1), Sized("x"), Sized(TypeError), Sized(ValueError), Derived()):
    for use in uses:
        try:
            print(use(made))
        except (TypeError, ValueError) as error:
            print(type(error).__name__, error)
print(len({*keys()}), len({0, *keys()}), len(set(keys())))


class OnlyItems:
    def __getitem__(self, index):
        raise IndexError


for made in (OnlyItems(), 5, {1}, (i for i in [])):
    try:
        print(list(reversed(made)))
    except TypeError as error:
        print(error)


def takes(*args, **kwargs):
    return args, kwargs


calls = (
    lambda: takes(**{1: 2}, **{1: 2}), lambda: takes(a=1, **{1: 2}), lambda: takes(**{1: 2}),
    lambda: takes(**{"a": 1}, **{"a": 2}), lambda: takes(**{(1, 2): 2}, **{(1, 2): 2}), lambda: dict(**{1: 2}, **{1: 3}),
    lambda: takes(**{1: 2}, **{2: 2}, a=1),
)
for call in calls:
    try:
        print(call())
    except TypeError as error:
        print(error)
print(b"axb".partition(bytearray(b"x")), bytearray(b"axb").partition(b"x"), b"a".partition(bytearray(b"x")))
print(bytearray(b"axb").rpartition(bytearray(b"x")), type(b"axb".rpartition(memoryview(b"x"))[1]).__name__)
