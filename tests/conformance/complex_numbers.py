"""complex: arithmetic, conversion, text."""
values = [1j, 0j, 1 + 2j, -3.5 - 0.25j, complex(2), 1e20 + 1e-20j]
for a in values:
    for b in values[:4] + [2, 0.5, True]:
        print(a + b, a - b, a * b, a / b if b else "no quotient")
for z in values:
    print(repr(z), str(z), bool(z), -z, +z, abs(z), z.conjugate(), z.real, z.imag, z == z.real, hash(z) == hash(z + 0))
print((1 + 2j) ** 2, (1 + 2j) ** -1, 2 ** 1j, 1j ** 2, (-8) ** (1 / 3), 0j ** 0, (1 + 1j) ** 0.5)
for text in ("1", "j", "-j", "1+2j", "(1-2j)", " 3e2j ", "1_0+2_0j", "inf-nanj", "+1.5", "", "1+", "1 + 2j", "x", "1j2", "()"):
    try:
        print(repr(text), complex(text))
    except ValueError as e:
        print(repr(text), e)
for spec in ("", "g", ".3f", "e", "20", "<20", "^20", "*^20", "+", "#", ".2", ",.1f", "+.2e"):
    print(repr(spec), repr(format(1234.5 - 2j, spec)), repr(format(1j, spec)))
for spec in ("=10", "010", "d", "%", "s"):
    try:
        format(1j, spec)
    except ValueError as e:
        print(e)


class Has:
    def __complex__(self):
        return 3 + 4j


class Floaty:
    def __float__(self):
        return 2.5


class Sub(complex):
    def __repr__(self):
        return "Sub"


print(complex(Has()), complex(Floaty()), complex(Floaty(), 1), Sub(1, 2), Sub(1, 2) + 1, type(Sub(1) + Sub(2)).__name__)
for f in (lambda: 1j < 2, lambda: 1j // 2, lambda: 1j % 2, lambda: int(1j), lambda: float(1j), lambda: ~1j, lambda: round(1j), lambda: divmod(1j, 1), lambda: "%d" % 1j):
    try:
        print(f())
    except TypeError as e:
        print(e)
print(1 + 0j == 1, 1 + 0j in [1], {1: "one"}[1 + 0j], sum([1, 1j, 2.5]), 1j.__add__("x"), complex.__radd__(1j, 2))
