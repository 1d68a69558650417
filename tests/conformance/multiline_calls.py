"""Calls over lines: arguments, chains, nesting, keywords, star arguments."""


def f(*args, **kwargs):
    return f


f.attr = f
f.value = 3
f(
    1,
    2,
)
f(
    f(1),
    k=f(2),
    *[f(3),
      f(4)],
    **{
        "m":
        f(5),
    },
)
(f
 (1))
(f)(
)
f(1)(
    2)(
    3
)
f.attr.attr(
    1,
).attr(
    2
)
(f
    .attr(1)
    .attr
    .attr(
        2,
        f(
            3
        ),
    ))
f(1, f(2,
       f(3,
         f(4))))
x = f(
).value + \
    f(1
      ).value
print(
    "a", "b",
    sep="-",
    end="\n" if x else
    "",
)
print(x, f(lambda: (
    1
))(2).value, [
    f(1).value,
    f(
        2
    ).value,
], len(
    "abc"
), max(
    1,
    *(
        2,
        3,
    ),
    key=lambda v:
        -v,
))
try:
    f(
        1,
        len(
            5
        ),
        f(2),
    )
except TypeError as error:
    print(error)
try:
    f.attr.missing(
        f(1)
    )
except AttributeError as error:
    print("missing")
try:
    f(
        1,
        *f
    )
except TypeError as error:
    print("star")


def g(a=f(1), *,
      b=f(
          2
      ),
      c=3):
    return c


print(g(), g(
    1))
