"""Class calls: __new__, __init__, failures in both, __del__, subclass hooks."""


class Plain:
    pass


class Fails:
    def __init__(self, x):
        raise KeyError(x)


class Singleton:
    instance = None

    def __new__(cls, *args):
        if cls.instance is None:
            cls.instance = super().__new__(cls)
        return cls.instance

    def __init__(self, *args):
        self.args = args


class Other:
    def __new__(cls):
        return 42


class Registered:
    names = []

    def __init_subclass__(cls, tag="none", **kwargs):
        super().__init_subclass__(**kwargs)
        Registered.names.append((cls.__name__, tag))


class One(Registered):
    pass


class Two(Registered, tag="two"):
    def __init__(self):
        super().__init__()
        self.ready = True


class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("dies", self.name)


print(type(Plain()).__name__, Singleton(1) is Singleton(2), Singleton(3).args, Other())
try:
    Fails(1)
except KeyError as error:
    print("failed", error)
try:
    Fails(
        x=2
    )
except KeyError as error:
    print("failed", error)
for bad in (Plain, Two):
    try:
        bad(1)
    except TypeError as error:
        print(error)
print(Registered.names, Two().ready)


def scope():
    inner = Dies("local")
    return inner.name


print(scope())
d = Dies("first")
d = Dies("second")
del d
Dies("temporary")
holder = [Dies("in list")]
holder.clear()
print("end")
