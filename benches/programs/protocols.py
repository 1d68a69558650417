"""Classes with special methods: operators, comparison, iteration, containers, properties."""


class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k)

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __lt__(self, other):
        return self.norm < other.norm

    def __hash__(self):
        return hash((self.x, self.y))

    @property
    def norm(self):
        return self.x * self.x + self.y * self.y


class Grid:
    def __init__(self, n):
        self.n = n
        self.cells = {}

    def __getitem__(self, key):
        return self.cells.get(key, 0)

    def __setitem__(self, key, value):
        self.cells[key] = value

    def __len__(self):
        return len(self.cells)

    def __contains__(self, key):
        return key in self.cells

    def __iter__(self):
        return iter(self.cells)

    def __bool__(self):
        return True


class Steps:
    def __init__(self, n):
        self.i = 0
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i

    @classmethod
    def up_to(cls, n):
        return cls(n)

    @staticmethod
    def twice(x):
        return x * 2


def main():
    position = Vector(0, 0)
    velocity = Vector(3, 1)
    grid = Grid(16)
    seen = set()
    for i in Steps.up_to(90_000):
        position = position + velocity * (i % 3)
        position.x %= 64
        position.y %= 64
        grid[position.x, position.y] = grid[position.x, position.y] + Steps.twice(i)
        if (position.x, position.x) in grid and grid:
            seen.add(position)
    ordered = sorted(seen)
    return len(grid), sum(grid[k] for k in grid) % 1_000_003, len(ordered), ordered[-1].norm


if __name__ == "__main__":
    print(main())
