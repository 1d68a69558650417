"""set and frozenset: operators, methods, changes, errors."""
a, b = {1, 2, 3}, {2, 3, 4}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b), a < b, a <= {1, 2, 3, 4}, a >= {1}, a > {1, 2}, a == {3, 2, 1}, a != b, a.isdisjoint({9}))
print(sorted(a.union([5], (6,))), sorted(a.intersection([1], {1, 2})), sorted(a.difference([1])), sorted(a.symmetric_difference([1, 7])), a.issubset(range(9)), a.issuperset([1]))
f = frozenset(a)
print(type(a | f).__name__, type(f | a).__name__, f == a, hash(f) == hash(frozenset([3, 2, 1])), f in {f}, {1, 2} in {frozenset({1, 2})}, f.copy() is f, frozenset(f) is f)
c = a.copy()
c |= {9}
c &= {1, 9, 2}
c -= {2}
c ^= {1, 5}
print(sorted(c))
c.update([1], "x")
c.discard("x")
c.discard("never")
c.remove(1)
c.intersection_update([5, 9])
c.difference_update([9])
c.symmetric_difference_update([5, 6])
print(c, c.pop(), c, set(), frozenset(), {*a, 7} == {1, 2, 3, 7}, len(a), 1 in a, bool(set()))


def attempt(fn):
    try:
        print(fn())
    except Exception as e:
        print(type(e).__name__, e)


def grow():
    x = {1, 2}
    for item in x:
        x.add(item + 10)


attempt(grow)
attempt(lambda: a | [1])
attempt(lambda: a < [1])
attempt(lambda: a.union(1))
attempt(lambda: set().pop())
attempt(lambda: {1}.remove(5))
attempt(lambda: {[]})
attempt(lambda: {1}.add([]))
attempt(lambda: [] in {1})
attempt(lambda: hash({1}))
attempt(lambda: set(1))
attempt(lambda: set([1], [2]))
attempt(lambda: frozenset().add(1))
attempt(lambda: set(x=1))
attempt(lambda: {1}.update(1))
attempt(lambda: {1}.nothing)
attempt(lambda: a.__ior__([1]))
attempt(lambda: a.__or__([1]))
attempt(lambda: frozenset({1}).__hash__() == hash(frozenset({1})))


class Sub(set):
    def __init__(self, items, tag=None):
        super().__init__(items)
        self.tag = tag


s = Sub([1], tag="t")
print(s, s.tag, type(s | {2}).__name__, type(s.copy()).__name__, repr(Sub([])))


class Odd:
    def __hash__(self):
        return 3

    def __eq__(self, other):
        return other == 3


print(Odd() in {3}, {3} == {Odd()}, len({Odd(), 3}))


class Emptying:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        emptied.clear()
        return False


emptied = {1, 2, 3}
emptied.add(Emptying())
print(len(emptied))
