"""__prepare__ and namespaces that are not plain dicts; __class__ cells."""


class Logged(dict):
    def __init__(self):
        super().__init__()
        self.order = []

    def __setitem__(self, key, value):
        if not key.startswith("__"):
            self.order.append(key)
        super().__setitem__(key, value)

    def __missing__(self, key):
        if key.startswith("auto_"):
            return len(key)
        raise KeyError(key)


class Ordered(type):
    @classmethod
    def __prepare__(mcls, name, bases, **kwargs):
        print("prepare", name, [b.__name__ for b in bases], kwargs)
        return Logged()

    def __new__(mcls, name, bases, namespace, **kwargs):
        cls = super().__new__(mcls, name, bases, dict(namespace))
        cls.order = namespace.order
        return cls

    def __init__(cls, name, bases, namespace, **kwargs):
        super().__init__(name, bases, namespace)


class A(metaclass=Ordered, flag=True):
    x = 1
    y = auto_value
    x = 2
    del x

    def method(self):
        return __class__

    z = [i for i in range(3)]


print(A.order, A.y, A.z, hasattr(A, "x"), A().method() is A)


class Chars:
    def __init__(self):
        self.items = {}

    def __getitem__(self, key):
        return self.items[key]

    def __setitem__(self, key, value):
        self.items[key] = value

    def __delitem__(self, key):
        del self.items[key]


class Mapping(type):
    @classmethod
    def __prepare__(mcls, name, bases):
        return Chars()

    def __new__(mcls, name, bases, namespace):
        return type.__new__(mcls, name, bases, dict(namespace.items))


class B(metaclass=Mapping):
    a = 1
    b = a + 1


print(B.a, B.b)


class NoCell(type):
    def __new__(mcls, name, bases, namespace):
        namespace.pop("__classcell__", None)
        return super().__new__(mcls, name, bases, namespace)


try:
    class C(metaclass=NoCell):
        def f(self):
            return __class__
except RuntimeError as e:
    print("RuntimeError", str(e).split(" as ")[0])


class BadPrepare(type):
    @classmethod
    def __prepare__(mcls, name, bases):
        return 5


try:
    class D(metaclass=BadPrepare):
        pass
except TypeError as e:
    print(e)
