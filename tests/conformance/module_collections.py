"""_collections: deque, defaultdict, OrderedDict."""
from _collections import OrderedDict, defaultdict, deque


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except (TypeError, ValueError, IndexError, KeyError, RuntimeError) as e:
        print(type(e).__name__, e)


class Recent(deque):
    def newest(self):
        return self[-1]


d = deque([1, 2, 3], maxlen=4)
d.append(4)
d.append(5)
d.appendleft(0)
print(d, len(d), d.maxlen, d[0], d[-1], 3 in d)
d.rotate(1)
print(d, list(reversed(d)), d.count(4), d.index(3))
d.extend("xy")
d.extendleft("ab")
print(d, d.pop(), d.popleft(), d)
d.insert(1, "new")
d.remove("new")
d[0] = "first"
del d[-1]
print(d, d.copy() == d, d != deque(), d < deque(["g"]), d + deque([1]), d * 2, 2 * deque([1]))
d.reverse()
d.clear()
print(d, bool(d))
r = Recent("abc")
print(r, r.newest(), r.copy(), type(r.copy()).__name__)
r.append(r)
print(r)


def grow():
    for item in d:
        d.append(item)


d.append(1)
attempt(grow)
attempt(deque().pop)
attempt(lambda: deque()[0])
attempt(lambda: deque()["a"])
attempt(deque([1]).remove, 2)
attempt(deque([1]).index, 2)
attempt(deque([1], 1).insert, 0, 2)
attempt(deque, [], -1)
attempt(deque, [], "a")
attempt(lambda: deque([1]) + [1])
attempt(hash, deque())

dd = defaultdict(list)
dd["a"].append(1)
dd["b"].append(2)
print(dd, dd["c"], dict(dd), dd.default_factory, dd.get("d"))
print(defaultdict(int, {"a": 1}, b=2) | {"c": 3}, defaultdict(None, x=1).copy())
attempt(lambda: defaultdict()["k"])
attempt(defaultdict, 1)

o = OrderedDict([("a", 1), ("b", 2), ("c", 3)])
o.move_to_end("a")
print(o, list(o), list(reversed(o)))
o.move_to_end("c", last=False)
print(o, o.popitem(), o.popitem(last=False), o)
o["z"] = 26
print(o == OrderedDict(z=26, b=2), o == {"z": 26, "b": 2}, o.copy(), o | {"q": 1}, o.pop("z"), o.setdefault("n", 0))
attempt(o.move_to_end, "none")
attempt(OrderedDict().popitem)
attempt(o.pop, "none")


class Counted:
    def __index__(self):
        print("index")
        return 1


few = deque("abc")
few[Counted()] = "z"
print(few[Counted()], few * Counted())
del few[Counted()]
print(few)
