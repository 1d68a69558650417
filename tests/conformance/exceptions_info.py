"""Exception objects: args, str, repr, hierarchy, attributes, traceback depth."""


class AppError(Exception):
    """Base of the application."""

    default = "none"

    def __init__(self, message=None, *, code=0):
        super().__init__(message or self.default)
        self.code = code


class NotFound(AppError, LookupError):
    default = "not found"


class Silent(AppError):
    def __str__(self):
        return ""


def depth(error):
    count, traceback = 0, error.__traceback__
    while traceback:
        count += 1
        traceback = traceback.tb_next
    return count


def deep(n):
    if n:
        return deep(n - 1)
    raise NotFound(code=404)


for error in (ValueError(), ValueError("a"), ValueError("a", 1), KeyError("k"), KeyError(),
              AppError(), NotFound("x"), Silent("y"), StopIteration(3), OSError(2, "no", "file")):
    print(repr(error), "|", str(error), "|", error.args)
try:
    deep(3)
except LookupError as error:
    print(error, error.code, depth(error), isinstance(error, AppError), error.__traceback__.tb_lineno)
for kind in (ZeroDivisionError, IndexError, UnicodeDecodeError, RecursionError, ModuleNotFoundError):
    print([c.__name__ for c in kind.__mro__[:-1]])
try:
    try:
        raise AppError("first", code=1)
    except AppError as first:
        raise NotFound("second") from first
except AppError as second:
    chain = second
    while chain:
        print(type(chain).__name__, chain.args, chain.code)
        chain = chain.__cause__
error = ValueError("noted")
error.add_note("a note")
print(error.__notes__, error.with_traceback(None) is error)
try:
    raise error
except ValueError as caught:
    print(caught is error, caught.__context__)
try:
    try:
        raise KeyError(1)
    finally:
        print("finally")
except Exception as e:
    print(e.args[0] + 1)
print(issubclass(NotFound, (KeyError, LookupError)), StopIteration(7).value, SystemExit(3).code)
