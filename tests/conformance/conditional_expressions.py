"""Conditional expressions, and/or as values, walrus, chained comparisons."""


def f(x):
    return x


def choose(a, b, c):
    x = (a
         if b
         else
         c)
    y = f(a if f(b)
          else c)
    z = (f(a)
         and f(b)
         or f(c))
    w = a if b else c if a else (
        "deep")
    return x, y, z, w


def chain(a, b, c):
    one = a < b < c
    two = a == b == c
    three = (a
             < f(b)
             < f(c))
    return one, two, three, not a < b, not (a
                                            and b)


def walrus(values):
    if (n := len(values)) > 2:
        print("long", n)
    while (item := values.pop()) != 0:
        print("item", item)
    return [y for x in (1, 2, 3) if (y := x * 2) > 2], (m := n + 1), m


print(choose(1, 2, 3))
print(choose(1, 0, 3))
print(choose(0, 0, 0))
print(chain(1, 2, 3), chain(3, 2, 1), chain(1, 3, 2), chain(2, 2, 2))
print(walrus([0, 5, 6]))
print(f(1) and f(0) and f(2), f(0) or f("") or f(None), f(1) or f(2))
print(1 if f(1) else 2, "a" if f(0) else "b",
      [] or {} or
      "last")
d = {
    "k": 1 if f(0) else 2,
    "m": f(3)
    if f(1)
    else f(4),
}
print(d)
print((lambda x: "pos" if x > 0 else
       "neg" if x < 0 else
       "zero")(0))
