"""Building, indexing and slicing lists: a sieve and a matrix product."""


def sieve(n):
    flags = [True] * (n + 1)
    flags[0] = flags[1] = False
    for i in range(2, int(n**0.5) + 1):
        if flags[i]:
            flags[i * i :: i] = [False] * len(flags[i * i :: i])
    primes = []
    for i, flag in enumerate(flags):
        if flag:
            primes.append(i)
    return primes


def product(a, b):
    n = len(a)
    rows = []
    for i in range(n):
        row = []
        for j in range(n):
            total = 0
            for k in range(n):
                total += a[i][k] * b[k][j]
            row.append(total)
        rows.append(row)
    return rows


def main():
    primes = sieve(1_000_000)
    n = 90
    a = [[(i * j) % 7 for j in range(n)] for i in range(n)]
    c = product(a, a)
    return len(primes), primes[-1], sum(map(sum, c))


if __name__ == "__main__":
    print(main())
