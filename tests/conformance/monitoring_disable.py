# trace: none
"""sys.monitoring: DISABLE, restart, local events, callbacks that raise."""

import sys

M = sys.monitoring
E = M.events
log = []


def f(x):
    y = 0
    for i in range(x):
        if i % 2:
            y += i
        else:
            y -= 1
    while y > 0:
        y -= 1
        if y == 3:
            continue
    return y


def show(text):
    print(text, log)
    log.clear()


M.use_tool_id(3, "lines")


def once(code, line):
    log.append(line)
    return M.DISABLE


print(M.register_callback(3, E.LINE, once))
M.set_local_events(3, f.__code__, E.LINE)
print(M.get_local_events(3, f.__code__) == E.LINE, M.get_events(3))
f(4)
show("first")
f(6)
show("second")
M.set_local_events(3, f.__code__, E.LINE | E.PY_START)
f(6)
show("other events")
M.restart_events()
f(6)
show("restarted")


def raising(code, line):
    raise KeyError(line)


print(M.register_callback(3, E.LINE, raising) is once)
M.restart_events()
try:
    f(1)
except KeyError as e:
    print("raised", e)
print(M.register_callback(3, E.LINE, 5) is raising)
try:
    f(1)
except TypeError as e:
    print("raised", e)
print(M.register_callback(3, E.LINE, None))
f(3)
show("nothing registered")

# Calls that are disabled one place at a time.
M.set_local_events(3, f.__code__, 0)


def calls():
    for i in range(3):
        len("a")
        len("b")


def call_once(code, offset, callable, arg0):
    log.append((callable.__name__, arg0))
    return M.DISABLE if arg0 == "a" else None


M.register_callback(3, E.CALL, call_once)
M.register_callback(3, E.C_RETURN, lambda code, offset, callable, arg0: log.append(("returned", arg0)))
M.set_local_events(3, calls.__code__, E.CALL)
calls()
show("calls")
M.set_local_events(3, calls.__code__, 0)

# A tool within a tool: events of another tool do not fire in a callback.
M.use_tool_id(1, "other")
M.register_callback(1, E.PY_START, lambda code, offset: log.append(code.co_name))


def nested(code, offset):
    log.append(("nested", code.co_name))
    f(0)


M.register_callback(3, E.PY_START, nested)
M.set_events(3, E.PY_START)
M.set_events(1, E.PY_START)
f(0)
M.set_events(3, 0)
M.set_events(1, 0)
show("two tools")


def changes(code, line):
    log.append(line)
    if line == 14:
        M.set_events(3, 0)


M.register_callback(3, E.LINE, changes)


def watched():
    M.set_events(3, E.LINE)
    f(1)
    return 1


watched()
show("switched off in a callback")
M.free_tool_id(3)
M.free_tool_id(1)
print(M.get_tool(3), M.get_tool(1))
