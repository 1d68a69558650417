f()
f(1, *a, k=2, **b)
f(x for x in y)
o.m(1, k=2)
o.m(*a)
f(a=1, b=2)
print(f(
    1,
    2,
))
(o
 .first(1)
 .second(2))


class A(Base, metaclass=M):
    def m(self, a, /, b=1, *c, d, e=2, **g):
        super().m(a)
        super(A, self).n = 1
        return super().x


@decorator
@other(1)
def g(a, *, b=3):
    """Documentation.

        Indented.
    """
    return lambda x, y=a: x + y + b
