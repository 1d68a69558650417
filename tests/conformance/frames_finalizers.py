"""Finalizers of a frame's locals run when the frame has gone: none of them finds it."""
import sys

seen = []


class A:
    def __del__(self):
        seen.append(sys._getframe(1))


def returns():
    x = A()
    y = 7
    return y


def raises():
    x = A()
    raise ValueError


def generates():
    x = A()
    yield 1


def watched():
    x = A()
    return sys._getframe()


def ask():
    z = 5
    frame = sys._getframe()
    return sorted(frame.f_locals), frame


for f in (returns, raises, lambda: list(generates()), watched, returns):
    try:
        f()
    except ValueError:
        pass
    names, frame = ask()
    print(names, sorted(frame.f_locals), frame.f_code.co_name, frame.f_back.f_code.co_name)

for frame in seen:
    print(frame.f_code.co_name, frame is sys._getframe())
