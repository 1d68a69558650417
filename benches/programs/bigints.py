"""Integers beyond a machine word: digits of pi, factorials, modular powers."""


def pi_digits(n):
    digits = []
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    while len(digits) < n:
        if 4 * q + r - t < m * t:
            digits.append(m)
            q, r, m = 10 * q, 10 * (r - m * t), (10 * (3 * q + r)) // t - 10 * m
        else:
            q, r, t, k, m, x = q * k, (2 * q + r) * x, t * x, k + 1, (q * (7 * k + 2) + r * x) // (t * x), x + 2
    return "".join(map(str, digits))


def factorial(n):
    result = 1
    for i in range(2, n + 1):
        result *= i
    return result


def main():
    digits = pi_digits(700)
    f = factorial(1500)
    p = (1 << 521) - 1
    x = 3
    for _ in range(2000):
        x = x * x % p
    return digits[-10:], f % (10**9 + 7), len(str(f)), x % 1_000_003, pow(7, p - 1, p)


if __name__ == "__main__":
    print(main())
