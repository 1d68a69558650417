"""__index__, __format__, __bool__, __len__, __contains__, __length_hint__, __getitem__ iteration, conversions and their errors."""


class Index:
    def __init__(self, v):
        self.v = v

    def __index__(self):
        return self.v


i = Index(2)
print([10, 20, 30][i], "abc"[i], range(5)[i], [1, 2, 3][i:], hex(i), bin(i), "x" * i, int(i), float(i), chr(Index(65)), list(range(i)), bytes(i))
print((1).to_bytes(i), round(2.567, i), "%d %x" % (i, i), [0] * i, pow(2, 3) == 8, slice(i).indices(5), 10 .__lshift__(2))


class Bad:
    def __index__(self):
        return "no"

    def __int__(self):
        return "no"

    def __float__(self):
        return "no"

    def __bool__(self):
        return 1

    def __len__(self):
        return -1

    def __str__(self):
        return 1

    def __repr__(self):
        return None

    def __bytes__(self):
        return ""

    def __hash__(self):
        return "h"

    def __format__(self, spec):
        return 1

    def __iter__(self):
        return 1

    def __complex__(self):
        return 1

    def __dir__(self):
        return 1

    def __contains__(self, x):
        return "truthy"


b = Bad()
for f in (lambda: [1][b], lambda: int(b), lambda: float(b), lambda: bool(b), lambda: len(b), lambda: str(b), lambda: repr(b), lambda: bytes(b), lambda: hash(b), lambda: format(b), lambda: iter(b), lambda: dir(b), lambda: 1 in b, lambda: f"{b}", lambda: f"{b!r}", lambda: list(b), lambda: [*b], lambda: range(b)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class Seq:
    def __getitem__(self, i):
        if i > 3:
            raise IndexError
        return i * i


class Sized:
    def __len__(self):
        return 0


class Hinted:
    def __init__(self, hint):
        self.hint = hint

    def __iter__(self):
        return iter((1, 2))

    def __length_hint__(self):
        return self.hint


print(list(Seq()), 4 in Seq(), 5 in Seq(), bool(Sized()), list(Hinted(5)), list(Hinted(NotImplemented)))
for hint in (-1, "x"):
    try:
        print(list(Hinted(hint)))
    except Exception as e:
        print(type(e).__name__, e)


class Fmt:
    def __format__(self, spec):
        return f"<{spec}>"


print(f"{Fmt()}", f"{Fmt():abc}", format(Fmt(), "x"), "{:>{w}}".format(Fmt(), w=3), f"{Fmt()!r:.4}")


class Missing(dict):
    def __missing__(self, key):
        return f"no {key}"


d = Missing(a=1)
print(d["a"], d["b"], d.get("b"), "b" in d, "%(a)s %(z)s" % d, "{0[q]}".format(d))


class Call:
    def __call__(self, *a, **k):
        return (a, k)


print(Call()(1, x=2), callable(Call()), callable(i))
for name in ("__iter__", "__len__", "__hash__", "__contains__", "__reversed__"):
    cls = type("Blocked", (list,), {name: None})
    try:
        {"__iter__": iter, "__len__": len, "__hash__": hash, "__contains__": lambda o: 1 in o, "__reversed__": reversed}[name](cls())
    except TypeError as e:
        print(e)
