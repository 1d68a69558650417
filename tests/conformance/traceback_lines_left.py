"""Lines of a traceback's entry and of its frame: where it raised, and where the exception left it."""


class Room:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False


def plain(x):
    y = x
    return y // 0


def passing():
    try:
        1 // 0
    finally:
        pass


def finishing():
    try:
        1 // 0
    finally:
        x = 1
        y = 2


def unmatched():
    try:
        1 // 0
    except LookupError:
        pass
    except ValueError:
        pass


def again():
    try:
        1 // 0
    except ZeroDivisionError:
        raise


def other():
    try:
        1 // 0
    except ZeroDivisionError as error:
        raise ValueError from error
    finally:
        x = 1


def guarded():
    with Room():
        1 // 0


def generator():
    try:
        yield 1 // 0
    finally:
        x = 1


for function in (lambda: plain(1), passing, finishing, unmatched, again, other, guarded, lambda: next(generator())):
    try:
        function()
    except Exception as error:
        trace = error.__traceback__.tb_next
        while trace:
            first = trace.tb_frame.f_code.co_firstlineno
            line = trace.tb_frame.f_lineno
            print(function.__name__, trace.tb_lineno - first, line and line - first, sorted(trace.tb_frame.f_locals))
            trace = trace.tb_next
