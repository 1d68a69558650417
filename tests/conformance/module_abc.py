"""_abc: abstract classes, registration and the checks, with a metaclass of our own."""
from _abc import (_abc_init, _abc_instancecheck, _abc_register, _abc_subclasscheck, _get_dump, _reset_caches,
                  _reset_registry, get_cache_token)


class Meta(type):
    def __new__(mcls, name, bases, namespace, **keywords):
        cls = super().__new__(mcls, name, bases, namespace, **keywords)
        _abc_init(cls)
        return cls

    def register(cls, subclass):
        return _abc_register(cls, subclass)

    def __instancecheck__(cls, instance):
        return _abc_instancecheck(cls, instance)

    def __subclasscheck__(cls, subclass):
        return _abc_subclasscheck(cls, subclass)


def abstract(f):
    f.__isabstractmethod__ = True
    return f


class Shape(metaclass=Meta):
    @abstract
    def area(self):
        pass

    @abstract
    def name(self):
        pass


class Named(Shape):
    def name(self):
        return 'named'


class Square(Named):
    def area(self):
        return 4


class Other:
    pass


class Hooked(metaclass=Meta):
    @classmethod
    def __subclasshook__(cls, c):
        if cls is Hooked:
            return any('special' in k.__dict__ for k in c.__mro__) or NotImplemented
        return NotImplemented


class Special:
    special = 1


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


print(sorted(Shape.__abstractmethods__), sorted(Named.__abstractmethods__), Square.__abstractmethods__)
show(Shape)
show(Named)
show(lambda: Square().area())
print(isinstance(Square(), Shape), isinstance(Other(), Shape), issubclass(Other, Shape))
before = get_cache_token()
print(Shape.register(Other) is Other, get_cache_token() - before)
print(isinstance(Other(), Shape), issubclass(Other, Shape), issubclass(Other, Named), Shape.register(Other) is Other)
show(lambda: Shape.register(1))
show(lambda: Square.register(Shape))
show(lambda: issubclass(1, Shape))
print(issubclass(Special, Hooked), isinstance(Special(), Hooked), isinstance(1, Hooked))
print([len(part) for part in _get_dump(Shape)[:3]])
_reset_caches(Shape)
_reset_registry(Shape)
print([len(part) for part in _get_dump(Shape)[:3]], issubclass(Other, Shape))


class Sequence(metaclass=Meta):
    __abc_tpflags__ = 1 << 5


class Row:
    def __len__(self):
        return 2

    def __getitem__(self, i):
        return [10, 20][i]


def is_pair(v):
    match v:
        case [a, b]:
            return a, b
    return None


print(is_pair(Row()), '__abc_tpflags__' in Sequence.__dict__)
Sequence.register(Row)
print(is_pair(Row()))
