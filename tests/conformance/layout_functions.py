"""Definitions over lines: parameters, defaults, decorators, nested bodies."""


def d(*args, **kwargs):
    return lambda thing: thing


def f(x=0):
    return x


@d(1)
def one(
    a,
    b=f(1),
    *args,
    c=f(
        2
    ),
    **kwargs,
):
    return (a,
            b,
            c)


@d(
    1,
    k=f(2),
)
@d
def unused(x): pass


@d()
@d(2)
class Decorated(
    object,
):
    """Doc."""

    @staticmethod
    def s(
        x
    ):
        return x

    @d(
        3
    )
    @d(4)
    def m(self,
          y=f(5)): return y

    attribute = [
        f(6),
        f(7),
    ]

    def after(self):
        # a comment before the first statement

        """not a docstring, but an expression"""

        return self.attribute


def nested(
    n
):
    """Doc."""
    global created

    def inner(
        k=n
    ):
        nonlocal n
        n += k
        return [
            lambda: (
                n,
                k,
            ),
        ]

    created = inner
    return inner


def generator(
    n,
):
    """Doc."""
    for i in range(
        n
    ):
        yield (
            i
        )


default = lambda x, \
    y=f(8): (
        x + y
    )

print(one(1), one(1, 2, 3, c=4, z=5), unused.__class__.__name__)
print(Decorated.s(1), Decorated().m(), Decorated().after(), Decorated.__doc__)
print(nested(1)()[0](), created()[0](), list(generator(2)), default(1), default(1, 2))


def empty():
    "only a docstring"


def ellipsis(): ...


def bare_return():
    return


def comment_only():
    # nothing but a comment and

    pass  # a statement


print(empty(), ellipsis(), bare_return(), comment_only())
