"""raise: classes, instances, from, bare raise, re-raising, context chains."""


class Problem(Exception):
    def __init__(self, code, text="?"):
        super().__init__(code, text)
        self.code = code

    def __str__(self):
        return f"problem {self.code}"


class Sub(Problem):
    pass


def show(error):
    cause, context = error.__cause__, error.__context__
    print(repr(error), "|", repr(cause), "|", repr(context), "|", error.__suppress_context__)


def chained(kind):
    try:
        {}["k"]
    except KeyError as e:
        if kind == 0:
            raise Problem(1) from e
        if kind == 1:
            raise Problem(2) from None
        if kind == 2:
            raise Sub(3, "s")
        if kind == 3:
            raise
        if kind == 4:
            raise e
        if kind == 5:
            raise ValueError from TypeError
        raise ValueError(
            "over",
            "lines",
        ) from \
            RuntimeError("cause")


for kind in range(7):
    try:
        chained(kind)
    except (Problem, LookupError, ValueError) as error:
        show(error)

for bad in (5, None, "text", int):
    try:
        raise bad
    except TypeError as error:
        print(error)
try:
    raise
except RuntimeError as error:
    print(error)
try:
    raise ValueError("x") from 5
except TypeError as error:
    print(error)


def again(n):
    try:
        if n == 0:
            raise Problem(0)
        again(n - 1)
    except Problem as e:
        e.code += 1
        raise


try:
    again(3)
except Problem as error:
    print(error, error.args)
