"""with: suppressing, not suppressing, failing __enter__ and __exit__."""


class Manager:
    def __init__(self, suppress=False, enter=None, leave=None):
        self.suppress = suppress
        self.enter = enter
        self.leave = leave

    def __enter__(self):
        if self.enter:
            raise self.enter
        return self

    def __exit__(self, kind, value, traceback):
        if self.leave:
            raise self.leave
        return self.suppress


def run(manager, fail):
    with manager as m:
        if fail:
            raise ValueError("body")
        return "returned"
    return "after"


def two(first, second):
    with first as a, second as b:
        raise IndexError("two")
    return "both left"


def lines():
    with (
        Manager(True) as a,
        Manager(False),
        Manager(
            leave=KeyError("left")
        ),
    ):
        1 / 0
    return "suppressed"


def loop():
    out = []
    for i in range(3):
        with Manager(True):
            if i:
                raise ValueError(i)
            out.append(i)
            continue
        out.append(-i)
    return out


def attempt(function, *arguments):
    try:
        print(function(*arguments))
    except Exception as error:
        print(repr(error), repr(error.__context__))


attempt(run, Manager(), False)
attempt(run, Manager(), True)
attempt(run, Manager(True), True)
attempt(run, Manager(enter=KeyError("enter")), False)
attempt(run, Manager(leave=KeyError("leave")), False)
attempt(run, Manager(leave=KeyError("leave")), True)
attempt(two, Manager(True), Manager())
attempt(two, Manager(), Manager(True))
attempt(two, Manager(), Manager())
attempt(two, Manager(True), Manager(enter=OSError("second")))
attempt(lines)
attempt(loop)
try:
    run(5, False)
except TypeError as error:
    print(str(error)[:58])
try:
    with Manager() as m:
        [][1]
except IndexError as error:
    print(error)
