"""Metaclasses: creation, keywords, calls, attributes of classes."""


class Registry(type):
    classes = {}

    def __new__(mcls, name, bases, namespace, tag=None):
        cls = super().__new__(mcls, name, bases, namespace)
        cls.tag = tag
        return cls

    def __init__(cls, name, bases, namespace, tag=None):
        super().__init__(name, bases, namespace)
        Registry.classes[name] = cls

    def __call__(cls, *args, **kwargs):
        obj = super().__call__(*args, **kwargs)
        obj.made_by = cls.__name__
        return obj

    def __len__(cls):
        return len(cls.__name__)

    def __getattr__(cls, name):
        if name.startswith("dyn_"):
            return name[4:]
        raise AttributeError(name)

    def __iter__(cls):
        return iter(cls.__name__)

    def __contains__(cls, item):
        return item in cls.__name__

    @property
    def shout(cls):
        return cls.__name__.upper()


class Base(metaclass=Registry, tag="base"):
    def __init__(self, x=0):
        self.x = x


class Derived(Base, tag="derived"):
    pass


print(sorted(Registry.classes), Base.tag, Derived.tag)
print(type(Base) is Registry, type(Derived) is Registry, isinstance(Base, type))
d = Derived(3)
print(d.x, d.made_by, len(Derived), list(Base), "B" in Base, "Z" in Base)
print(Base.dyn_x, Base.shout)
try:
    Base.nothing
except AttributeError as e:
    print("AttributeError", e)
try:
    d.shout
except AttributeError as e:
    print(e)

Made = Registry("Made", (Base,), {"y": 5}, tag="made")
print(Made.y, Made.tag, Made().made_by)
plain = type("Plain", (), {"z": 1})
print(plain.z, plain.__name__, plain.__bases__, type(plain))


def function_meta(name, bases, namespace):
    return (name, bases, sorted(k for k in namespace if not k.startswith("__")))


class NotAClass(metaclass=function_meta):
    a = 1

    def b(self):
        pass


print(NotAClass)
