"""`C[k]` of classes: `__class_getitem__`, metaclasses with and without `__getitem__`, and names of constructors."""


class Meta(type):
    pass


class Subscriptable(type):
    def __getitem__(cls, key):
        return (cls.__name__, "by the metaclass", key)


class Plain(metaclass=Meta):
    pass


class Generic(metaclass=Meta):
    def __class_getitem__(cls, key):
        return (cls.__name__, key)


class Made:
    def __init__(self, *args):
        self.args = args


class ByClass(metaclass=Meta):
    __class_getitem__ = classmethod(Made)


class Both(metaclass=Subscriptable):
    def __class_getitem__(cls, key):
        return "never asked"


def show(function):
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)


show(lambda: Plain[1])
show(lambda: Generic[1, 2])
show(lambda: ByClass[3].args[1])
show(lambda: Both[4])
show(lambda: Meta[5])
show(lambda: int[6])
show(lambda: Plain()[7])


class Own(ValueError):
    def __new__(cls, *args):
        return super().__new__(cls, "made", *args)

    def __init__(self, *args):
        super().__init__(*args, "initialised")

    def __getattribute__(self, name):
        return super().__getattribute__(name)


class Listed(list):
    def __getattribute__(self, name):
        return super().__getattribute__(name)


show(lambda: Own(1).args)
show(lambda: Listed([1]).count(1))
show(lambda: Listed().missing)
show(lambda: Own.__new__.__qualname__)
show(lambda: (lambda a, /, *, c: 0)(**{"b": 2}, **{1: 2}))
show(lambda: str.maketrans(1, None))
show(lambda: b"".decode("no such codec"))
show(lambda: [c.__name__ for c in (KeyError, StopIteration, OSError, TimeoutError, ValueError) if "__new__" in vars(c)])
show(lambda: bytes.fromhex("z0 \xe9"))


class Text(str):
    pass


show(lambda: format(Text("a"), "x"))
show(lambda: super(Own, None).args)
show(lambda: super(Own, 1).args)
