"""List, set and dict comprehensions, and conditional and nested ones."""


def main():
    total = 0
    for n in range(60):
        squares = [x * x for x in range(2_000) if x % 3]
        table = {x: x % 11 for x in squares}
        rest = {value for value in table.values()}
        pairs = [(a, b) for a in range(40) for b in range(a) if (a + b) % 7 == n % 7]
        total += len(squares) + len(table) + sum(rest) + len(pairs) + pairs[-1][0]
    return total


if __name__ == "__main__":
    print(main())
