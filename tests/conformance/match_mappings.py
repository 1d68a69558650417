"""Mapping patterns: keys, values, rest; subclasses and missing keys."""


class Key:
    NAME = "name"


def read(v):
    match v:
        case {}if not v:
            return "empty"
        case {"kind": "point", "x": x, "y": y}:
            return "point", x, y
        case {"kind": str(kind), **rest} if kind != "odd":
            return kind, rest
        case {Key.NAME: [first, *_]}:
            return "name", first
        case {1: {2: inner}}:
            return "inner", inner
        case {None: n, True: t}:
            return n, t
        case {**everything}:
            return "all", everything
        case _:
            return "no mapping"


class Defaults(dict):
    def __missing__(self, key):
        return "missing"


print(read({}))
print(read({"kind": "point", "x": 1, "y": 2, "z": 3}))
print(read({"kind": "circle", "r": 1}))
print(read({"kind": "odd", "r": 1}))
print(read({"name": "ab"}), read({"name": ["ab"]}))
print(read({1: {2: 3}}))
print(read({None: 1, True: 2}))
print(read([1]), read("x"))
print(read(Defaults(kind="point")))
print(read(Defaults(kind="point", x=1, y=1)))


class Getter(dict):
    def get(self, key, default=None):
        print("get", key)
        return dict.get(self, key, default)


match Getter(a=1, b=2):
    case {"a": a, "c": c}:
        print("wrong")
    case {"a": a, "b": b}:
        print(a, b)


def duplicate(k):
    class K:
        a = k
        b = "x"
    match {"x": 1}:
        case {K.a: 1, K.b: 1}:
            return "matched"


print(duplicate("y"))
try:
    duplicate("x")
except ValueError as e:
    print(e)
