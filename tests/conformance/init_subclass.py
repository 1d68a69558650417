"""__init_subclass__ and __set_name__."""


class Plugin:
    plugins = []

    def __init_subclass__(cls, /, name=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.plugin_name = name or cls.__name__.lower()
        Plugin.plugins.append(cls.plugin_name)


class One(Plugin):
    pass


class Two(Plugin, name="second"):
    pass


class Three(Two):
    pass


print(Plugin.plugins, One.plugin_name, Two.plugin_name, Three.plugin_name)
try:
    class Four(Plugin, color=1):
        pass
except TypeError as e:
    print(e)
try:
    class Five(color=1):
        pass
except TypeError as e:
    print(e)


class Field:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)
        self.name = name

    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        return obj.__dict__.get(self.name, "unset")

    def __set__(self, obj, value):
        obj.__dict__[self.name] = value * 2


class Model:
    a = Field()
    b = Field()

    def __init__(self):
        self.a = 2


m = Model()
print(m.a, m.b, Model.a.name, vars(m))
Model.c = Field()
try:
    Model.c.name
except AttributeError as e:
    print(e)


class Broken:
    def __set_name__(self, owner, name):
        raise ValueError("no name for me")


try:
    class Holder:
        attr = Broken()
except ValueError as e:
    print(type(e).__name__, e, e.__notes__)


class NotCalled:
    pass


n = NotCalled()
n.__set_name__ = lambda *a: print("never")


class Last:
    x = n


print("done")
