# trace: none
"""sys.settrace and sys.setprofile."""

import sys

log = []


def tracer(frame, event, arg):
    if event == "exception":
        arg = arg[0].__name__, str(arg[1]), arg[2].tb_lineno
    log.append((event, frame.f_code.co_name, frame.f_lineno, arg if isinstance(arg, (int, str, tuple, type(None))) else type(arg).__name__))
    return tracer


def show(text):
    print(text)
    for entry in log:
        print("   ", entry)
    log.clear()


def simple(n):
    total = 0
    for i in range(n):
        total += i
    return total


def oneline(n):
    for i in range(n): pass
    while n > 0: n -= 1
    return n


def gen():
    x = yield 1
    try:
        yield x
    except ValueError:
        yield 3


def fails():
    raise KeyError("k")


def catches():
    try:
        fails()
    except KeyError:
        pass
    finally:
        done = True
    return done


def generators():
    g = gen()
    next(g)
    g.send(5)
    g.throw(ValueError("v"))
    g.close()
    return list(x for x in (1, 2))


def traced(function, *args):
    sys.settrace(tracer)
    try:
        function(*args)
    finally:
        sys.settrace(None)
    show(function.__name__)


traced(simple, 2)
traced(oneline, 2)
traced(catches)
traced(generators)
try:
    traced(fails)
except KeyError:
    show("fails")


def only_calls(frame, event, arg):
    log.append((event, frame.f_code.co_name))


sys.settrace(only_calls)
simple(3)
sys.settrace(None)
show("only calls")


def no_lines(frame, event, arg):
    log.append((event, frame.f_code.co_name))
    frame.f_trace_lines = False
    return no_lines


sys.settrace(no_lines)
simple(3)
sys.settrace(None)
show("no lines")


def broken(frame, event, arg):
    if event == "line":
        raise RuntimeError("broken")
    return broken


sys.settrace(broken)
try:
    simple(3)
except RuntimeError as e:
    print(e, sys.gettrace())


def profiler(frame, event, arg):
    name = getattr(arg, "__qualname__", arg if isinstance(arg, (int, type(None))) else type(arg).__name__)
    log.append((event, frame.f_code.co_name, name))


def profiled():
    len("abc")
    [3, 1].sort()
    "x".upper()
    int("3")
    str.lower("X")
    try:
        [].index(4)
    except ValueError:
        pass
    simple(2)
    print
    return sorted([2, 1], key=lambda v: -v)


sys.setprofile(profiler)
profiled()
sys.setprofile(None)
show("profile")
print(sys.gettrace(), sys.getprofile())
sys.settrace(tracer)
print(sys.gettrace() is tracer)
sys.settrace(None)
log.clear()


class Inner:
    def method(self):
        return self


def set_local():
    f = sys._getframe()
    f.f_trace = tracer
    sys.settrace(tracer)
    x = 1
    y = 2
    sys.settrace(None)


set_local()
show("f_trace of a running frame")
shown = repr(sys._getframe())
print(shown.startswith("<frame at 0x"), shown.endswith(", code <module>>"))
