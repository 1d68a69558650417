"""int and float: parsing, printing, rounding, limits, conversions."""


def attempt(f, *a):
    try:
        print(*a, f(*a))
    except Exception as e:
        print(*a, type(e).__name__, e)


for t in ("0", " 12 ", "-7", "+5", "1_000", "0x1f", "0b11", "0o17", "ff", "1__0", "_1", "1_", "", " ", "1.5", "٣", "1e5", "0_7", "00", "- 1"):
    attempt(int, t)
for t, base in (("ff", 16), ("0xff", 16), ("0xff", 0), ("z", 36), ("12", 2), ("1", 1), ("1", 37), ("0b1", 2), ("0b1", 0), ("010", 0), ("11", 3), (5, 10)):
    attempt(int, t, base)
for t in ("1.5", "1e3", ".5", "5.", "-inf", "nan", "Infinity", "1_0.5_0", "1e400", "1e-400", "", "x", "1e", "0x1p3", " 2.5\n", "1.5.2", "-.5e-2", "1__0"):
    attempt(float, t)
for x in (0.1, 1e16, 1e15, 123456789012345680.0, 1e-5, 0.0001, 1.0, -0.0, 1e22, 1e23, 5e-324, 1.7976931348623157e308, 2.5, 1 / 3, 100.0, 1e100, 0.1 + 0.2):
    print(repr(x), str(x), f"{x}", f"{x:.3f}", f"{x:e}", f"{x:g}", f"{x:.0f}", f"{x:10.2e}|", f"{x:+.1f}", f"{x:,}", f"{x:%}"[:20], x.hex(), x.is_integer())
for x, n in ((2.675, 2), (0.5, None), (1.5, None), (2.5, None), (-2.5, None), (1234.5678, -2), (1e300, 2), (15, -1), (25, -1), (5, 2), (0.15, 1), (2.5, 0)):
    print(x, n, round(x) if n is None else round(x, n))
for n in (0, 1, -1, 255, 2**63, -(2**64), 10**30):
    print(n, bin(n), oct(n), hex(n), f"{n:,}", f"{n:_x}", f"{n:#b}"[:12], n.bit_length(), n.bit_count(), (-n) // 7, (-n) % 7, divmod(n, -7), n.as_integer_ratio(), float(n), n == float(n), hash(n) == hash(float(n)))
print((258).to_bytes(2), (258).to_bytes(4, "little"), (-1).to_bytes(2, signed=True), int.from_bytes(b"\1\2"), int.from_bytes(b"\xff\xff", signed=True), int.from_bytes([1, 2], "little"))
print((0.75).as_integer_ratio(), float.fromhex("0x1.8p1"), float.fromhex("inf"), (7).__index__(), True + True, int(True), int(-3.9), int(3.9), float(True), 7 // 2, -7 // 2, 7 % -3, 7.5 // 2, -7.5 % 2, 2**-1, 2**0.5, 0**0)
print(1 < 1.5, 2**53 == float(2**53), 2**53 + 1 == float(2**53 + 1), 10**400 > 1e308, 1.0 == 1, hash(1.0) == hash(1), hash(0.5), hash(2**61 - 1), hash(-1), hash(float("inf")), int(1e20), 3 .real, 3 .imag, 3 .numerator, 3 .denominator, 3 .conjugate())
for f in (
    lambda: 1 << -1, lambda: int(float("nan")), lambda: int(float("inf")), lambda: float(10**400), lambda: 10**400 / 3, lambda: (300).to_bytes(1), lambda: (-1).to_bytes(1), lambda: (1).to_bytes(1, "middle"),
    lambda: int([]), lambda: float([]), lambda: int("1" * 5000), lambda: str(10**5000), lambda: (2.5).to_bytes, lambda: 1 + None, lambda: 1 .foo, lambda: int(x=1), lambda: int(1, 10), lambda: round("x"), lambda: round(1.5, "x"),
    lambda: pow(2, -1, 4), lambda: pow(2, 5, 0), lambda: pow(2, -1, 5), lambda: pow(2.0, 2, 3), lambda: 1.5 & 1, lambda: ~1.5, lambda: abs("x"), lambda: -"x", lambda: hex(1.5), lambda: chr(1.5), lambda: range(1.5), lambda: float.fromhex("zz"), lambda: (1.5).as_integer_ratio(1), lambda: 1e308 * 10, lambda: 2.0**2000, lambda: int.from_bytes("a"), lambda: int.from_bytes(b"a", "x"), lambda: f"{1:s}", lambda: f"{1.5:d}", lambda: f"{1:.2d}", lambda: f"{1:,x}", lambda: f"{5:c}", lambda: f"{-5:c}", lambda: f"{1.5:c}",
):
    attempt(f)
