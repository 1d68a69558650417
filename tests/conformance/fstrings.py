"""f-strings: conversions, nested specifications, layouts, errors."""


class Shown:
    def __repr__(self):
        return "repr"

    def __str__(self):
        return "str"

    def __format__(self, spec):
        return f"<{spec}>"


def value(x):
    return x


s = Shown()
n, width, name = 42, 8, "é𝄞"
print(f"{s} {s!r} {s!s} {s!a} {s:spec} {s:{width}.{n}}")
print(f"{n} {n:5} {n:<5}| {n:^{width}} {n:05d} {n:x} {n:#b} {n:,} {n:+}")
print(f"{3.14159:.2f} {1e10:g} {0.5:%} {12345.678:,.1f} {1/3:.3e}")
print(f"{name} {name!a} {name:>5} {name:*^7} {len(name)}")
print(f"{{}} {{{n}}} {n=} {n = !r} {n=:>5} {value(n)=}")
print(f"{'nested ' + f'{n}'} {value(f'{value(1)}{value(2)}')}")
print(f"""{
    n
} {
    value(
        3
    )
}""")
print(
    f"{value(1)}"
    "plain"
    f"{value(2)}"
    f"{value(3)
       + 1}"
)
print(f"{n if n else 'none'} {(lambda x: x * 2)(n)} {[x for x in range(3)]} { {'a': 1}['a'] }")
print(f"{n!r:>6}{s!s:>6}", f"", f"{''}", f"a{''}b")
for spec in ("d", "q", "10.3f"):
    try:
        print(f"{n:{spec}}", f"{'text':{spec}}")
    except ValueError as error:
        print(error)
try:
    f"{undefined}"
except NameError as error:
    print(error)
try:
    f"{value(1)} {1 / 0} {value(2)}"
except ZeroDivisionError as error:
    print(error)
print("%s %d %5.1f %r %%" % ("a", 3, 2.25, "q"), "%(k)s" % {"k": 1}, "{:>4}|{!r}".format(1, "x"))
