"""Sets: Conway's life on a torus of cells, unions, intersections, membership."""


def step(alive, size):
    counts = {}
    for x, y in alive:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    cell = ((x + dx) % size, (y + dy) % size)
                    counts[cell] = counts.get(cell, 0) + 1
    return {cell for cell, n in counts.items() if n == 3 or (n == 2 and cell in alive)}


def primes(n):
    composite = set()
    found = set()
    for i in range(2, n):
        if i not in composite:
            found.add(i)
            composite.update(range(i * i, n, i))
    return found


def main():
    alive = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)} | {(20 + i, 20) for i in range(10)} | {(40, 40 + i) for i in range(7)}
    seen = set()
    for _ in range(150):
        alive = step(alive, 64)
        seen |= alive
    p = primes(90_000)
    return len(alive), len(seen), len(p), len(p & set(range(0, 90_000, 7))), sorted(p ^ {3, 5, 4})[:4]


if __name__ == "__main__":
    print(main())
