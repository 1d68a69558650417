"""ExceptionGroup and BaseExceptionGroup: construction, split, subgroup, derive, notes."""


def show(f):
    try:
        print(repr(f()))
    except BaseException as e:
        print(type(e).__name__, e)


for make in (
    lambda: ExceptionGroup(),
    lambda: ExceptionGroup("m"),
    lambda: ExceptionGroup(1, [ValueError()]),
    lambda: ExceptionGroup("m", 1),
    lambda: ExceptionGroup("m", []),
    lambda: ExceptionGroup("m", [ValueError]),
    lambda: ExceptionGroup("m", [ValueError(), 1]),
    lambda: ExceptionGroup("m", {ValueError()}),
    lambda: ExceptionGroup("m", (ValueError(1), TypeError(2))),
    lambda: ExceptionGroup("m", [KeyboardInterrupt()]),
    lambda: BaseExceptionGroup("m", [KeyboardInterrupt()]),
    lambda: BaseExceptionGroup("m", [ValueError()]),
    lambda: str(ExceptionGroup("m", [ValueError()])),
    lambda: str(ExceptionGroup("m", [ValueError(), KeyError()])),
    lambda: ExceptionGroup.__mro__,
    lambda: ExceptionGroup("m", [ValueError()]).args,
):
    show(make)

g = ExceptionGroup("g", [ValueError(1), ExceptionGroup("in", [TypeError(2), ValueError(3)]), KeyError(4)])
g.add_note("a note")
show(lambda: g.split(ValueError))
show(lambda: g.split((TypeError, KeyError)))
show(lambda: g.split(lambda e: isinstance(e, LookupError)))
show(lambda: g.split(OSError))
show(lambda: g.split(ExceptionGroup))
show(lambda: g.subgroup(TypeError))
show(lambda: g.subgroup(OSError))
show(lambda: g.derive([OSError(5)]))
show(lambda: g.split())
show(lambda: (g.message, g.exceptions, type(g.exceptions)))
match, rest = g.split(ValueError)
print(match.__notes__, rest.__notes__, match.__notes__ is g.__notes__)
match.add_note("more")
print(g.__notes__, match.__notes__)
for name in ("message", "exceptions"):
    try:
        setattr(g, name, None)
    except AttributeError as e:
        print(e)


class Own(ExceptionGroup):
    def __new__(cls, message, errors, code=0):
        self = super().__new__(cls, message, errors)
        self.code = code
        return self

    def derive(self, errors):
        return Own(self.message, errors, self.code)


own = Own("own", [ValueError(1), TypeError(2)], 7)
match, rest = own.split(TypeError)
print(type(match).__name__, match.code, match, type(rest).__name__, rest.code)


class Plain(ExceptionGroup):
    pass


print(type(Plain("p", [ValueError(1), TypeError(2)]).subgroup(TypeError)).__name__)


class Wrong(ExceptionGroup):
    def derive(self, errors):
        return 42


show(lambda: Wrong("w", [ValueError(1), TypeError(2)]).split(TypeError))


class OnlyExceptions(ExceptionGroup):
    pass


show(lambda: OnlyExceptions("o", [KeyboardInterrupt()]))


class Any(BaseExceptionGroup):
    pass


show(lambda: Any("a", [KeyboardInterrupt()]))


class Both(ExceptionGroup, ValueError):
    pass


print([c.__name__ for c in Both.__mro__])
try:
    raise g
except Exception as e:
    first, second = e.split(ValueError)
    print(first.__traceback__ is g.__traceback__, first.__cause__, first.__context__)


def walk(e, depth=0):
    print("  " * depth + str(e))
    for x in getattr(e, "exceptions", ()):
        walk(x, depth + 1)


walk(g)
