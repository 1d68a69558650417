"""Expressions and displays over lines: operators, literals, returns."""


def f(x=1):
    return x


x = (
    f(1) +
    f(2)
    * f(3)
    - 4
)
y = [
    1,
    f(2),
    [
        f(3),
        4,
    ],
]
z = {
    "a": f(1),
    "b": [
        2,
    ],
    **{
        "c":
        f(3)
    },
}
constants = (
    1,
    "two",
    3.0,
)
s = {
    1,
    f(2),
}
t = (f(1),
     f(2),)
text = ("a"
        "b"
        f"{x}"
        "c")
neg = -(
    f(1)
)
inverted = not (
    f(0)
)
print(x, y, z, constants, sorted(s), t, text, neg, inverted)
w = \
    x
w = w if \
    w else x
v = x; u = \
    y
print(w, v, u)


def result(a):
    return (
        a,
        a or
        f(2),
        a and
        f(3),
    )


def single(): return (
    1
)


def raising():
    return (f(1)
            /
            f(0))


def docstring():
    """Only
    a docstring."""


def after_docstring():
    """A
    docstring."""
    "another string"
    1
    ...
    return


print(result(0), result(1), single(), docstring(), after_docstring())
try:
    raising()
except ZeroDivisionError as error:
    print(error)
try:
    a = (f(1) +
         None
         + f(2))
except TypeError as error:
    print(error)
try:
    b = [
        f(1),
        undefined,
    ]
except NameError as error:
    print(error)
print((f(2) **
       f(3)), f(7) //
      f(2), (f(1), )[
          0], f(6) % 4 |
      8)
