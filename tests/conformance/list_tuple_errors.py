"""list, tuple, range, slice: methods and the words of their errors."""


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


l = [3, 1, 2]
t = (3, 1, 2)
r = range(10, 0, -3)
print(sorted(l), l.index(1), t.index(2), t.count(3), r[1], r[-1], list(r[1:]), 4 in r, 5 in r, r.index(7), r.count(1), len(r), r == range(10, -1, -3), hash(r) == hash(range(10, -1, -3)), range(3).start, repr(range(1, 5, 2)), list(reversed(r)))
print(slice(1, 5, 2).indices(4), slice(None), slice(1) == slice(None, 1, None), slice(1, 2).stop, l[slice(None, None, -1)], t[1:], l * 2, t + (4,), (1,) * 3, [] == [], (1, 2) < (1, 3), [1, 2] < [1], (1, "a") == (1, "a"))
m = [0, 1, 2, 3, 4, 5]
m[1:3] = "abc"
m[::2] = [9] * 4
del m[-1:], m[0]
m.insert(-1, "i")
m.insert(99, "end")
print(m, m.pop(), m.pop(0), m, m.copy() == m)
m.extend(x for x in (1, 2))
m += (3,)
m *= 2
m.reverse()
m.remove(3)
m.sort(key=str)
print(m, m.clear(), m)
first, *rest, last = range(5)
print(first, rest, last, [*l, *t], (*l,), {**{}, **{"a": 1}})
for f in (
    lambda: l[9], lambda: l["a"], lambda: l[1.5], lambda: t[9], lambda: t["a"], lambda: l.pop(9), lambda: [].pop(), lambda: l.remove(9), lambda: l.index(9), lambda: t.index(9), lambda: l + t, lambda: t + l, lambda: l + 1, lambda: l * "a", lambda: l * 1.5, lambda: l < t, lambda: l.append(), lambda: l.append(1, 2), lambda: l.insert(1), lambda: l.sort(1), lambda: l.sort(reverse="x"), lambda: l.sort(bad=1), lambda: [1, "a"].sort(), lambda: sorted(1), lambda: list(1), lambda: tuple(1), lambda: list(1, 2), lambda: tuple(x=1), lambda: l.nothing, lambda: t.append(1), lambda: l.extend(1), lambda: l.__setitem__(9, 1), lambda: l.__setitem__("a", 1), lambda: l.__setitem__(slice(0, 2), 1), lambda: l.__setitem__(slice(0, 3, 2), [1]), lambda: l.__delitem__(9), lambda: l[::0], lambda: range(1, 2, 0), lambda: range(), lambda: range("a"), lambda: range(1, 2, 3, 4), lambda: range(3)[5], lambda: range(3)["a"], lambda: range(3).index(9), lambda: slice(), lambda: slice(1, 2, 3, 4), lambda: hash(l), lambda: hash((1, [])), lambda: l(), lambda: t(), lambda: len(5), lambda: iter(5), lambda: next(5), lambda: next(l), lambda: reversed(5), lambda: min([]), lambda: max(1), lambda: sum(["a"]), lambda: sum([[1]], []), lambda: zip(1), lambda: enumerate(1), lambda: map(1), lambda: list(map(1, [2])), lambda: list(zip([1], [1, 2], strict=True)), lambda: all(1), lambda: [].__getitem__(), lambda: list.append(1), lambda: dict.get({}), lambda: [1, 2, 3].index(3, 0, 2),
):
    attempt(f)


def unpack(text):
    try:
        exec(text)
    except Exception as e:
        print(type(e).__name__, e)


for text in ("a, b = 1,", "a, *b, c = 1,", "a, b = 5", "a, b = {}", "(a, b), c = 1, 2", "[a] = []", "a, b = iter([1])", "for a, b in [1]: pass", "for x in 5: pass", "[*5]", "f(*5)", "{**5}", "print(**5)"):
    unpack(text)
