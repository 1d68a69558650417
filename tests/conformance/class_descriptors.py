"""Properties with getter, setter and deleter; attribute hooks."""


class Temperature:
    def __init__(self, celsius):
        self._celsius = celsius

    @property
    def celsius(self):
        return self._celsius

    @celsius.setter
    def celsius(self, value):
        if value < -273:
            raise ValueError("too cold")
        self._celsius = value

    @celsius.deleter
    def celsius(self):
        self._celsius = None

    fahrenheit = property(lambda self: self._celsius * 9 / 5 + 32)


class Typed:
    def __init__(self, kind):
        self.kind = kind

    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, obj, owner=None):
        return self if obj is None else getattr(obj, self.name)

    def __set__(self, obj, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name[1:]} must be {self.kind.__name__}")
        setattr(obj, self.name, value)


class Person:
    name = Typed(str)
    age = Typed(int)

    def __getattr__(self, name):
        if name.startswith("get_"):
            return lambda: getattr(self, name[4:])
        raise AttributeError(name)


t = Temperature(20)
print(t.celsius, t.fahrenheit)
t.celsius += 5
print(t.celsius)
for change in ("t.celsius = -300", "t.fahrenheit = 1"):
    try:
        if change.startswith("t.c"):
            t.celsius = -300
        else:
            t.fahrenheit = 1
    except (ValueError, AttributeError) as error:
        print(type(error).__name__)
del t.celsius
print(t.celsius)
p = Person()
p.name = "Ann"
p.age = 5
print(p.name, p.age, p.get_name(), isinstance(Person.name, Typed))
try:
    p.age = "old"
except TypeError as error:
    print(error)
try:
    p.unknown
except AttributeError as error:
    print("missing", error)
print(hasattr(p, "nope"), getattr(p, "nope", 0))
