"""dict: views, merging, changes during iteration, missing keys, fromkeys, ordering."""
d = {"a": 1, "b": 2, "c": 3}
k, v, i = d.keys(), d.values(), d.items()
print(k, v, i, len(k), "a" in k, 2 in v, ("a", 1) in i, ("a", 2) in i)
print(sorted(k & {"a", "z"}), sorted(k | ["z"]), sorted(k - {"a"}), sorted(k ^ {"a", "z"}), k == {"a", "b", "c"}, k <= {"a", "b", "c", "d"}, k.isdisjoint("xyz"))
print(sorted(i & {("a", 1)}), i == {("a", 1), ("b", 2), ("c", 3)}, v == d.values(), list(reversed(d)), list(reversed(i)), k.mapping)
d["d"] = 4
print(k, list(v))
print(d | {"a": 9}, {"z": 0} | d, d.get("q"), d.get("q", 5), d.setdefault("e", 6), d.setdefault("a", 7), d.pop("e"), d.pop("e", None), d.popitem())
d |= [("x", 1)]
d.update({"y": 2}, z=3)
d.update([["w", 4]])
print(d, d.copy() == d, dict(d, a=0)["a"], dict([("p", 1)]), dict(p=1), {**d, "a": 5}["a"])
print(dict.fromkeys("ab"), dict.fromkeys([1, 2], 0), {1: "a", 1.0: "b", True: "c"}, {} == {}, {1: 2} != {1: 3})


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def grow(change):
    x = {1: 1, 2: 2}
    for key in x:
        change(x, key)
    return x


attempt(lambda: grow(lambda x, key: x.__setitem__(key + 10, 0)))
attempt(lambda: grow(lambda x, key: x.pop(key)))
attempt(lambda: grow(lambda x, key: x.__setitem__(key, 0)))
attempt(lambda: {}["a"])
attempt(lambda: {}.pop("a"))
attempt(lambda: {}.popitem())
attempt(lambda: {[]: 1})
attempt(lambda: {}[[]])
attempt(lambda: dict(1))
attempt(lambda: dict([1]))
attempt(lambda: dict([(1, 2, 3)]))
attempt(lambda: dict(["ab", "cde"]))
attempt(lambda: {} | 1)
attempt(lambda: {}.update(1))
attempt(lambda: {}.keys() | 1)
attempt(lambda: {} < {})
attempt(lambda: dict(a=1, **{"a": 2}))
attempt(lambda: {}.get())
attempt(lambda: {}.setdefault())
attempt(lambda: dict.fromkeys(1))
attempt(lambda: hash({}))
attempt(lambda: {}.nothing)
attempt(lambda: del_missing())


def del_missing():
    del {}["q"]


attempt(del_missing)


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return self.n == other.n


same = {Key(1): "one", Key(2): "two"}
print(same[Key(2)], Key(3) in same, len(same))


class Sub(dict):
    def __missing__(self, key):
        self[key] = key * 2
        return self[key]


s = Sub()
print(s["a"], s, s.get("b"), s.copy().__class__.__name__, (s | {}).__class__.__name__)
