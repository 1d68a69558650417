"""Dicts with str and int keys: counting words, memoisation."""


def words(n):
    seed = 12345
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        yield "w%d" % (seed >> 16 & 1023)


def collatz(n, seen):
    steps = 0
    start = n
    while n != 1:
        if n in seen:
            steps += seen[n]
            break
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    seen[start] = steps
    return steps


def main():
    counts = {}
    for word in words(200_000):
        counts[word] = counts.get(word, 0) + 1
    top = max(counts.items(), key=lambda item: (item[1], item[0]))
    seen = {}
    longest = max(collatz(n, seen) for n in range(1, 60_000))
    return len(counts), top, longest, sum(counts.values())


if __name__ == "__main__":
    print(main())
