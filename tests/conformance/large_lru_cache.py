"""A least-recently-used cache on a linked list, with a memoizing decorator."""


class Node:
    def __init__(self, key=None, value=None):
        self.key = key
        self.value = value
        self.before = self
        self.after = self

    def unlink(self):
        self.before.after = self.after
        self.after.before = self.before
        self.before = self.after = self

    def link_after(self, other):
        self.before, self.after = other, other.after
        other.after.before = self
        other.after = self


class LRUCache:
    """Keeps at most `capacity` entries."""

    def __init__(self, capacity):
        if capacity < 1:
            raise ValueError("capacity must be positive")
        self.capacity = capacity
        self.nodes = {}
        self.root = Node()
        self.hits = self.misses = 0

    def __len__(self):
        return len(self.nodes)

    def __contains__(self, key):
        return key in self.nodes

    def __getitem__(self, key):
        try:
            node = self.nodes[key]
        except KeyError:
            self.misses += 1
            raise
        self.hits += 1
        node.unlink()
        node.link_after(self.root)
        return node.value

    def __setitem__(self, key, value):
        node = self.nodes.get(key)
        if node is None:
            if len(self) >= self.capacity:
                self._drop_oldest()
            node = self.nodes[key] = Node(key)
        else:
            node.unlink()
        node.value = value
        node.link_after(self.root)

    def __delitem__(self, key):
        self.nodes.pop(key).unlink()

    def _drop_oldest(self):
        oldest = self.root.before
        oldest.unlink()
        del self.nodes[oldest.key]

    def __iter__(self):
        node = self.root.after
        while node is not self.root:
            yield node.key
            node = node.after

    @property
    def ratio(self):
        total = self.hits + self.misses
        return self.hits / total if total else 0.0


def memoize(capacity):
    def decorate(function):
        cache = LRUCache(capacity)

        def wrapper(*args):
            try:
                return cache[args]
            except KeyError:
                result = cache[args] = function(*args)
                return result

        wrapper.cache = cache
        return wrapper
    return decorate


@memoize(8)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


cache = LRUCache(3)
for i, key in enumerate("abcad"):
    cache[key] = i
print(list(cache), len(cache), "b" in cache, cache["c"], list(cache))
try:
    cache["b"]
except KeyError as error:
    print("missing", error)
del cache["a"]
print(list(cache), f"{cache.ratio:.2f}")
print(fib(20), fib.cache.hits, fib.cache.misses, list(fib.cache)[:3])
try:
    LRUCache(0)
except ValueError as error:
    print(error)
