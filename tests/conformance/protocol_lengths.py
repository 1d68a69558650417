"""Which methods of a container built-in functions ask, and how often."""


class Row:
    def __init__(self, *items):
        self.items = items

    def __getitem__(self, index):
        return self.items[index]

    def __len__(self):
        return len(self.items)


class Keys:
    def __init__(self, *names):
        self.names = names

    def __iter__(self):
        return iter(self.names)


class Mapping:
    def keys(self):
        return Keys("a", "b")

    def __getitem__(self, key):
        return key.upper()


class NoKeys:
    def keys(self):
        return 5


class Key:
    def __init__(self, value):
        self.value = value

    def __hash__(self):
        return self.value

    def __eq__(self, other):
        return self.value == other.value


class Strict:
    __slots__ = ("a",)

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)


def given(*args, **kwargs):
    return args, kwargs


print(list(reversed(Row(1, 2))), list(iter(Row(3, 4))), [*Row(5)], tuple(reversed(Row())))
left = reversed(Row(1, 2, 3))
next(left)
print(left.__length_hint__(), iter(Row(1)).__length_hint__())
print(dict(Mapping()), {**Mapping()}, given(**Mapping()))
d = {}
d.update(Mapping(), c=1)
print(d)
for what in (
    lambda: dict(NoKeys()),
    lambda: given(**NoKeys()),
    lambda: given(1, **{2: 3}),
    lambda: dict(**{2: 3}),
    lambda: given(a=1, **{"a": 2}),
):
    try:
        print(what())
    except TypeError as error:
        print(type(error).__name__, error)
keys = {Key(1): "one", Key(2): "two"}
again = dict.fromkeys(keys, 0)
print(len(again), len(set(keys)), len(dict.fromkeys(set(keys))))
try:
    Strict().b = 1
except AttributeError as error:
    print(error)


def outer(second, first):
    zero = first

    def inner():
        return zero, first

    return inner()


print(outer.__code__.co_cellvars, outer(1, 2))


def late():
    def use():
        return inpt

    try:
        use()
    except NameError as error:
        print(error.name, error)
    inpt = 1


late()
