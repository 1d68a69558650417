"""Making many small objects: classes with and without slots, inheritance, super(), class attributes, comparison."""


class Shape:
    count = 0

    def __init__(self, name):
        self.name = name
        Shape.count += 1

    def area(self):
        return 0


class Square(Shape):
    def __init__(self, side):
        super().__init__("square")
        self.side = side

    def area(self):
        return self.side * self.side


class Box(Square):
    def __init__(self, side, height):
        super().__init__(side)
        self.height = height

    def area(self):
        return 2 * super().area() + 4 * self.side * self.height


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x=0, y=0):
        self.x = x
        self.y = y

    def __eq__(self, other):
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return self.x * 31 + self.y


def main():
    total = 0
    for i in range(30_000):
        shape = Box(i % 10, 3) if i % 3 == 0 else Square(i % 7)
        total += shape.area()
    points = {Point(i % 100, i % 37) for i in range(20_000)}
    path = [Point(i) for i in range(30_000)]
    moved = [Point(p.x + 1, p.y - 1) for p in path]
    same = sum(p == q for p, q in zip(path, path[1:]))
    return total, Shape.count, len(points), moved[-1].x, same


if __name__ == "__main__":
    print(main())
