# trace: none
"""Callbacks in Python as the program that they watch sees them: frames, exceptions, recursion, every kind of callable."""

import sys

monitoring = sys.monitoring
E = monitoring.events
TOOL = 2
monitoring.use_tool_id(TOOL, "frames")


def watch(code, **callbacks):
    events = 0
    for name, callback in callbacks.items():
        monitoring.register_callback(TOOL, getattr(E, name), callback)
        events |= getattr(E, name)
    monitoring.set_local_events(TOOL, code, events)


def unwatch(code):
    monitoring.set_local_events(TOOL, code, 0)
    for event in (E.PY_START, E.PY_RESUME, E.PY_RETURN, E.PY_YIELD, E.LINE, E.CALL, E.JUMP, E.INSTRUCTION):
        monitoring.register_callback(TOOL, event, None)


def base(code):
    return code.co_firstlineno


def add(x, y):
    z = x + y
    z += 1
    return z


# Plain functions, with all events of one instruction at once.
seen = []


def on_line(code, line):
    seen.append(("line", code.co_name, line - base(code)))


def on_start(code, offset):
    seen.append(("start", code.co_name))


def on_return(code, offset, value):
    seen.append(("return", code.co_name, value))


watch(add.__code__, LINE=on_line)
print(add(1, 2), seen)
seen.clear()
watch(add.__code__, LINE=on_line, PY_START=on_start, PY_RETURN=on_return)
print(add(3, 4), seen)
seen.clear()
unwatch(add.__code__)


# Methods, instances with __call__, builtins, classes, partial arity.
class Watcher:
    def __init__(self, *event):
        self.lines = []
        if event:
            made.append(event[1] - base(event[0]))

    def line(self, code, line):
        self.lines.append(line - base(code))

    def __call__(self, code, line):
        self.lines.append(-(line - base(code)))

    @classmethod
    def of_class(cls, code, line):
        made.append((cls.__name__, line - base(code)))

    @staticmethod
    def static(code, line):
        made.append(("static", line - base(code)))


made = []
watcher = Watcher()
for callback in (watcher.line, watcher, Watcher.of_class, Watcher.static, Watcher,
                 lambda code, line, more=5: made.append((line - base(code), more)),
                 lambda *event: made.append(len(event))):
    watch(add.__code__, LINE=callback)
    add(1, 1)
    print(watcher.lines, made)
    watcher.lines.clear()
    made.clear()


# What is returned is nothing, but for DISABLE; a generator function as callback makes a generator that nobody runs.
def makes_generator(code, line):
    made.append("never")
    yield line


async def makes_coroutine_generator(code, line):
    made.append("never")
    yield line


def disables_second(code, line):
    made.append(line - base(code))
    if line - base(code) == 2:
        return monitoring.DISABLE
    return "something"


for callback in (makes_generator, makes_coroutine_generator, disables_second):
    watch(add.__code__, LINE=callback)
    print(add(5, 5), add(6, 6), made)
    made.clear()
monitoring.restart_events()


# An exception goes through the watched function, which may catch it; the callback stays.
def fails(code, line):
    made.append(line - base(code))
    if line - base(code) == 2:
        raise ValueError("from the callback")


def guarded():
    try:
        value = 1
    except ValueError as error:
        tb, names = error.__traceback__, []
        while tb:
            names.append((tb.tb_frame.f_code.co_name, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno))
            tb = tb.tb_next
        return "caught", str(error), names, error.__context__
    return "not caught"


watch(guarded.__code__, LINE=fails)
print(guarded())
print(guarded())
print(made)
made.clear()


def fails_at_start(code, offset):
    raise KeyError("start")


def fails_at_return(code, offset, value):
    raise IndexError(value)


for name, callback in (("PY_START", fails_at_start), ("PY_RETURN", fails_at_return)):
    watch(add.__code__, **{name: callback})
    try:
        add(20, 21)
    except Exception as error:
        tb, names = error.__traceback__, []
        while tb:
            names.append(tb.tb_frame.f_code.co_name)
            tb = tb.tb_next
        print(type(error).__name__, error, names)
    unwatch(add.__code__)


# While a callback runs nothing is told, of it or of what it calls; afterwards everything is again.
def nested(code, line):
    made.append(line - base(code))
    made.append(add(100, line - base(code)))


watch(add.__code__, LINE=nested)
print(add(7, 7), made)
made.clear()


# Frames.
def looks(code, line):
    frame = sys._getframe()
    back = frame.f_back
    made.append((frame.f_code.co_name, back.f_code is code, back.f_lineno == line, sorted(back.f_locals),
                 back.f_back.f_code.co_name))
    kept.append(frame)


kept = []
watch(add.__code__, LINE=looks)
add(1, 2)
for entry in made:
    print(entry)
print([frame.f_locals["line"] - base(add.__code__) for frame in kept], [frame.f_back is None for frame in kept])
made.clear()
kept.clear()


# A callback changes the locals of what it watches.
def changes(code, line):
    if line - base(code) == 2:
        sys._getframe(1).f_locals["z"] = 1000


watch(add.__code__, LINE=changes)
print(add(1, 2))


# Generators are watched; what a callback raises at a yield or when one is resumed is the generator's.
def count(n):
    for i in range(n):
        got = yield i
        if got:
            yield got
    return "end"


def on_resume(code, offset):
    made.append("resume")


def on_yield(code, offset, value):
    made.append(("yield", value))


watch(count.__code__, PY_START=on_start, PY_RESUME=on_resume, PY_YIELD=on_yield, PY_RETURN=on_return, LINE=on_line)
counter = count(2)
print(next(counter), counter.send("x"), next(counter), list(counter))
print(seen)
print(made)
seen.clear()
made.clear()
unwatch(count.__code__)


# Callbacks that change what is watched: themselves, their tool, the code that they are.
def removes_itself(code, line):
    made.append(line - base(code))
    monitoring.register_callback(TOOL, E.LINE, None)


def replaces_itself(code, line):
    made.append(-(line - base(code)))
    monitoring.register_callback(TOOL, E.LINE, removes_itself)


watch(add.__code__, LINE=replaces_itself)
print(add(1, 1), add(2, 2), made)
made.clear()


def other(code, line):
    made.append("other")


def becomes_other(code, line):
    made.append("first")
    becomes_other.__code__ = other.__code__
    return monitoring.DISABLE


watch(add.__code__, LINE=becomes_other)
print(add(1, 1), add(2, 2), made)
made.clear()
monitoring.restart_events()


def takes_three(code, line, more):
    return more


watch(add.__code__, LINE=other)
other.__code__ = takes_three.__code__
try:
    add(1, 1)
except TypeError as error:
    print(error)


# A callback that calls without end gets a RecursionError, which the watched function gets from it.
def endless(code, line):
    made.append(0)
    return endless(code, line)


watch(add.__code__, LINE=endless)
try:
    add(1, 1)
except RecursionError as error:
    print(type(error).__name__, len(made) > 100)
made.clear()


def deep(n):
    return n if n == 0 else deep(n - 1)


def counts(code, line):
    made.append(1)


watch(deep.__code__, LINE=counts)
print(deep(200), len(made))
made.clear()
unwatch(deep.__code__)
unwatch(add.__code__)


# CALL in front of functions, methods and what is not written in Python.
def on_call(code, offset, callable, arg0):
    made.append((callable.__name__, "MISSING" if arg0 is monitoring.MISSING else arg0))


def calls():
    add(1, y=2)
    watcher.line(add.__code__, 1)
    len("abc")
    list()
    return add(*(3, 4))


watch(calls.__code__, CALL=on_call)
print(calls())
for name, arg0 in made:
    print(name, type(arg0).__name__ if arg0 is watcher else arg0)
unwatch(calls.__code__)

# An object that only the callback's frame holds dies with it.
class Dies:
    def __del__(self):
        made.append("dies")


def holds(code, line):
    held = Dies()
    made.append("holds")


made.clear()
watch(add.__code__, LINE=holds)
print(add(1, 1), made)
unwatch(add.__code__)
monitoring.free_tool_id(TOOL)
