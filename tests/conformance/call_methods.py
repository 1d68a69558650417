"""Method calls: direct, stored, through the class, static, class methods."""


class Point:
    made = 0

    def __init__(self, x, y=0):
        self.x = x
        self.y = y
        Point.made += 1

    def moved(self, dx=0, dy=0):
        return Point(self.x + dx, self.y + dy)

    def show(self):
        return f"({self.x}, {self.y})"

    @classmethod
    def origin(cls):
        return cls(0)

    @classmethod
    def diagonal(cls, n, *more):
        return [cls(i, i) for i in (n, *more)]

    @staticmethod
    def distance(a, b):
        return abs(a.x - b.x) + abs(a.y - b.y)


p = Point(1, 2)
print(p.show(), p.moved(1).show(), p.moved(dy=5).show(), p.moved(*[1, 1]).show())
bound = p.moved
print(bound().show(), bound(2).show(), bound(dx=3).show(), bound(*(4, 5)).show())
print(Point.show(p), Point.moved(p, 9).show())
print(Point.origin().show(), p.origin().show(), [q.show() for q in Point.diagonal(1, 2)])
print(Point.distance(p, Point.origin()), p.distance(p, p))
p.extra = lambda *a: a
print(p.extra(1), p.extra())
print(p
      .moved(1)
      .moved(
          2,
          3)
      .show())
push = [].append
print(push(1), push.__self__, list.append(push.__self__, 2), push.__self__)
print("a,b".split(","), str.upper("x"), "x".join("ab"), Point.made)
