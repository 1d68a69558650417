"""Comparison of deques, by the iterators that their classes have."""
from _collections import deque


class Shown(deque):
    def __iter__(self):
        print('iter', len(self))
        return super().__iter__()


class Reversed(deque):
    def __iter__(self):
        return reversed(list(super().__iter__()))


class Item:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        print('eq', self.n, other.n)
        return self.n == other.n

    def __lt__(self, other):
        print('lt', self.n, other.n)
        return 'less' if self.n < other.n else []


print(Shown([1]) == deque([1]), deque([1]) == Shown([1]), Shown([1]) < Shown([2]), Shown([1]) == [1], Shown([1, 2]) == Shown([1]))
print(Reversed([1, 2]) == deque([2, 1]), Reversed([1, 2]) < deque([1, 2]), deque([1]) < deque([1, 0]), deque([]) <= deque([]), deque([1, 2]) > deque([1]))
print(deque([Item(1), Item(2)]) < deque([Item(1), Item(3)]), deque([Item(2)]) < deque([Item(1)]))
same = Item(5)
print(deque([same]) == deque([same]), deque([float('nan')]) == deque([float('nan')]))


class Growing:
    def __init__(self, d):
        self.d = d

    def __eq__(self, other):
        self.d.append(1)
        return True


d = deque()
d.extend([Growing(d), 2])
try:
    print(d == deque([1, 2]))
except RuntimeError as e:
    print(e)
