"""Parametrized classes and unions."""


class Box:
    def __class_getitem__(cls, item):
        return (cls.__name__, item)


print(Box[int], Box[int, str], list[int], dict[str, list[int]], tuple[int, ...], tuple[()], type[int])
a = list[int]
print(a.__origin__, a.__args__, a.__parameters__, a([1, 2]), a == list[int], a != list[str], hash(a) == hash(list[int]))
print(a.append is list.append, type(a([1])), list[list[Box]], dict[str, None], list["x"])


class Ints(list[int]):
    pass


print(Ints.__bases__, Ints.__orig_bases__, Ints([3]))
u = int | str | None
print("union", u, u.__args__, int | int, (int | str) | int, list[int] | None, None | int)
print(isinstance(1, u), isinstance(None, u), isinstance([], u), issubclass(bool, u), issubclass(list, u))
print(u == (None | str | int), {u: 1}[str | None | int], u != int, {int | str: 1}[str | int])
print(isinstance(1, (str, int | float)), [*tuple[int, str]])
for f in (
    lambda: isinstance([], list[int]),
    lambda: issubclass(list, list[int]),
    lambda: list[int][str],
    lambda: int[str],
    lambda: str["a"],
    lambda: list[int].nothing,
    lambda: (int | str)[int],
    lambda: int | 1,
    lambda: 1 | int,
    lambda: None | None,
    lambda: isinstance("x", int | list[int]),
):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class Meta(type):
    pass


class ByAlias(metaclass=Meta):
    __class_getitem__ = classmethod(type(list[int]))


class ByMethod(metaclass=Meta):
    def __class_getitem__(cls, key):
        return cls.__name__, key


class Plain(metaclass=Meta):
    pass


print(ByAlias[int], ByMethod['key'])
try:
    Plain[int]
except TypeError as e:
    print(e)
