"""Allocation: binary trees that are built, walked and dropped, and cycles that the collector must find."""


class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right
        self.parent = None

    def check(self):
        if self.left is None:
            return 1
        return 1 + self.left.check() + self.right.check()


def build(depth):
    if depth == 0:
        return Node(None, None)
    node = Node(build(depth - 1), build(depth - 1))
    node.left.parent = node.right.parent = node
    return node


def main():
    total = 0
    for _ in range(24):
        total += build(12).check()
    return total


if __name__ == "__main__":
    print(main())
