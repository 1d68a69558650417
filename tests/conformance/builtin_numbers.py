"""int of any size, float, bool, math: operators, conversions, errors."""

import math


def attempt(action):
    try:
        return action()
    except (ArithmeticError, ValueError, TypeError) as error:
        return f"{type(error).__name__}: {error}"


big = 2**100
print(big, -big, big // 3, big % 1000, big * big, big >> 90, big & 0xFF, ~big, big - big + 1)
print(7 // 2, -7 // 2, 7 % -2, -7 % 2, divmod(-7, 2), 2**10, 2**-1, 7 / 2, 1e3, 10**20 // 7)
print(int("123"), int("-0x1f", 16), int("1_000"), int(3.99), int(-3.99), int(True), 0b101, 0o17)
print(hex(255), oct(8), bin(-5), abs(-3), round(2.5), round(3.5), round(2.675, 2), round(12345, -2))
print(1.5 + 1, 0.1 + 0.2, 1e16, 1e-5, 1e22, 123456789.123, -0.0, float("inf"), float("nan"))
print((5).bit_length(), (1.5).is_integer(), (0.75).as_integer_ratio(), (2.0).hex(), 3 .real)
print(True + True, True & False, True | 2, not 0, bool([]), bool("a"), isinstance(True, int))
print(math.sqrt(2), math.floor(-1.5), math.ceil(1.2), math.gcd(12, 18), math.factorial(20))
print(math.isnan(float("nan")), math.inf, math.pi, math.hypot(3, 4), math.log(math.e), math.trunc(2.7))
print(math.isqrt(99), math.comb(5, 2), math.prod([1, 2, 3]), math.fsum([0.1] * 10), math.copysign(1, -0.0))
print(attempt(lambda: 1 / 0), attempt(lambda: 1 // 0), attempt(lambda: 1 % 0), attempt(lambda: 1.0 / 0))
print(attempt(lambda: 0 ** -1), attempt(lambda: divmod(1, 0)), attempt(lambda: 1.0 % 0))
print(attempt(lambda: int("x")), attempt(lambda: float("y")), attempt(lambda: 1 << -1))
print(attempt(lambda: math.factorial(-1)), attempt(lambda: int(math.inf)), attempt(lambda: 10**400 * 1.0))
print(attempt(lambda: 1 + "a"), attempt(lambda: -"a"), attempt(lambda: abs("x")), attempt(lambda: [] < 1))
print(sum(range(101)), sum([0.5, 1]), pow(3, 100, 7), max(1, 2.5), min(True, 0), 3 == 3.0, hash(2**61))
print(5 & 3, 5 | 3, 5 ^ 3, 5 << 70, -5 >> 1, +True, 1 if 0.0 else 2, 10**15 / 3, 1e308 * 10)
x = 0
for step in (1, -2, 2**64, 0.5):
    x += step
    print(x, type(x).__name__)
print(str(2**64), repr(1.0), float(2**53) + 1, int(1e20), 2**0.5, (-8) % 3, -8 // 3.0, 5.5 // 2)
