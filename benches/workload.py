"""What benches/instructions.py counts: a little of everything that the interpreter specialises."""


class Node:
    def __init__(self, key, left=None, right=None):
        self.key = key
        self.left = left
        self.right = right

    def insert(self, key):
        if key < self.key:
            if self.left is None:
                self.left = Node(key)
            else:
                self.left.insert(key)
        elif self.right is None:
            self.right = Node(key)
        else:
            self.right.insert(key)

    def __iter__(self):
        if self.left is not None:
            yield from self.left
        yield self.key
        if self.right is not None:
            yield from self.right


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def loops(n):
    total = 0
    i = 0
    x = 0.5
    while i < n:
        total = (total + i * 7) % 10_007
        x = 3.7 * x * (1.0 - x)
        i += 1
    for j in range(n):
        if j % 3 == 0:
            continue
        total += j
    return total, x


def guarded(n):
    caught = 0
    for i in range(n):
        try:
            if i % 4 == 0:
                raise ValueError(i)
            caught += len(str(i))
        except ValueError as error:
            caught -= error.args[0]
        finally:
            caught += 1
    return caught


def text(n):
    counts = {}
    for i in range(n):
        word = f"w{i % 17}"
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def main():
    tree = Node(500)
    seed = 1
    for _ in range(200):
        seed = (seed * 1103515245 + 12345) % 2147483648
        tree.insert(seed >> 20)
    keys = [key for key in tree]
    squares = {key: key * key for key in keys if key % 2}
    return fib(12), loops(400), guarded(60), text(100), sum(squares.values()), max(keys)
