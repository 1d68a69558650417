"""Attributes, methods, inheritance and a property."""


class Body:
    def __init__(self, x, v):
        self.x = x
        self.v = v
        self.steps = 0

    def step(self, dt):
        self.x += self.v * dt
        self.steps += 1
        self.bounce()

    def bounce(self):
        if self.x > 100 or self.x < 0:
            self.v = -self.v

    @property
    def energy(self):
        return self.v * self.v


class Heavy(Body):
    mass = 5

    def step(self, dt):
        super().step(dt)
        self.mass = self.mass + 0

    @property
    def energy(self):
        return self.mass * super().energy


def main():
    bodies = [Body(i, i % 5 + 1) for i in range(50)] + [Heavy(i, i % 3 + 1) for i in range(50)]
    total = 0
    for _ in range(2_000):
        for body in bodies:
            body.step(1)
        total += bodies[0].energy + bodies[-1].energy
    return total + sum(body.x + body.steps for body in bodies)


if __name__ == "__main__":
    print(main())
