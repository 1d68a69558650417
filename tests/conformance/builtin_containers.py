"""list, tuple, dict, set, frozenset methods and errors."""


def attempt(action):
    try:
        return action()
    except (LookupError, TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"


l = [3, 1, 2]
l.append(4)
l.extend((5, 6))
l.insert(0, 0)
l.sort(key=lambda v: -v, reverse=True)
print(l, l.index(4), l.count(1), l.pop(), l.pop(0), l.copy() == l)
l.remove(3)
l.reverse()
print(l, l * 2, l + [1], [*reversed(l)], attempt(lambda: l.remove(99)))
t = (1, 2, 2)
print(t.count(2), t.index(2), t + (3,), hash(t) == hash((1, 2, 2)), max(t), sum(t))
d = {"a": 1, "b": 2}
d.update(c=3)
d.setdefault("d", []).append(1)
print(d, d.get("z"), d.pop("a"), d.popitem(), list(d.items()), list(d.values()))
print({**d, "x": 0} | {"y": 1}, dict.fromkeys("ab", 0), dict(zip("xy", (1, 2))))
print(attempt(lambda: d["none"]), attempt(lambda: d.pop("none")), attempt(lambda: {}.popitem()))
s = {1, 2, 3}
s.add(4)
s.discard(9)
print(sorted(s | {7}), sorted(s & {1, 2}), sorted(s - {1}), sorted(s ^ {1, 9}), s >= {1})
f = frozenset((1, 2))
print(sorted(f), f in {f}, f == {1, 2}, attempt(lambda: s.remove(99)), len(f))
r = range(10, 0, -3)
print(list(r), r[1], len(r), 4 in r, r[::-1], r == range(10, 0, -3), r.start, r.step)
print(list(enumerate("ab", 1)), list(zip((1, 2), "ab", (True,))), list(map(abs, (-1, 2))))
print(list(filter(None, [0, 1, "", "a"])), any([0, 1]), all([]), sorted("bca"), min("b", "a"))


def grow_while_iterating():
    data = {1: 1}
    for k in data:
        data[k + 1] = 1


print(sum([[1], [2]], []), list(reversed((1, 2))), [1, 2] == [1, 2], [1] < [2], (1, 2) > (1,))
try:
    grow_while_iterating()
except RuntimeError as error:
    print(error)
nested = [[1, [2, {"k": (3,)}]]]
nested.append(nested)
print(nested, attempt(lambda: [1].sort(key=5)), attempt(lambda: sorted([1, "a"])))
