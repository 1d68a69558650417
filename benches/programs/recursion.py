"""Deep and wide recursion: Ackermann, Hanoi, mutual recursion, depth-first descent."""


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def hanoi(n, source, target, spare, moves):
    if n:
        hanoi(n - 1, source, spare, target, moves)
        moves[source * 3 + target] += 1
        hanoi(n - 1, spare, target, source, moves)


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def main():
    moves = [0] * 9
    hanoi(15, 0, 2, 1, moves)
    deep = sum(depth(900) for _ in range(900))
    even = sum(is_even(n % 700) for n in range(0, 210_000, 173))
    return ackermann(2, 200), moves, deep, even


if __name__ == "__main__":
    print(main())
