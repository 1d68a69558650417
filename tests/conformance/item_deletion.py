# ends: traceback
"""Deleting items of what has none: the words depend on the class and on the key."""


class Plain:
    pass


class Meta(type):
    pass


class Made(metaclass=Meta):
    pass


class Index:
    def __index__(self):
        return 0


class Wrong:
    def __repr__(self):
        return 5


class Derived(Wrong):
    pass


objects = (
    5, 1.5, None, len, Plain, Plain(), Made, "s", b"b", (), frozenset(), range(3), {}.keys(), object(), 1j, True,
    slice(1), (i for i in ""), property(), ..., NotImplemented, iter([]), vars(Plain),
)
for target in objects:
    for key in (0, "a", Index(), slice(1)):
        try:
            del target[key]
        except TypeError as error:
            print(type(key).__name__, error)

for show in (str, repr, print, lambda v: f"{v}", lambda v: f"{v!r}", lambda v: "%s" % v, lambda v: "%r" % v, format):
    for value in (Wrong(), Derived()):
        try:
            show(value)
        except TypeError as error:
            print(error)

for shift in (lambda: 1 << (1 << 70), lambda: 0 << (1 << 70), lambda: -5 >> (1 << 70), lambda: 5 >> (1 << 70)):
    try:
        print(shift())
    except OverflowError as error:
        print(error)

for base in (int, str, list, dict, bytes, ValueError):
    try:
        Plain.__bases__ = (base,)
    except TypeError as error:
        print(error)
raise SyntaxError("no end is told", ("file.py", 3, 5, "some text here"))
