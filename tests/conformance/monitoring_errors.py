# trace: none
"""sys.monitoring: wrong calls."""

import sys

M = sys.monitoring
E = M.events


def f():
    pass


def attempt(function, *args):
    try:
        print(function.__name__, args[:1], function(*args))
    except (TypeError, ValueError, OverflowError) as e:
        print(function.__name__, args[:1], type(e).__name__, e)


for id in (-1, 6, 2**40, 2**80, "a", 1.5, None):
    attempt(M.use_tool_id, id, "name")
    attempt(M.free_tool_id, id)
    attempt(M.get_tool, id)
    attempt(M.get_events, id)
    attempt(M.set_events, id, 0)
    attempt(M.register_callback, id, 1, None)
    attempt(M.set_local_events, id, 3, 0)
attempt(M.use_tool_id, 0, 1)
attempt(M.use_tool_id, 0, "first")
attempt(M.use_tool_id, 0, "second")
attempt(M.get_tool, 0)
attempt(M.get_tool, True)
attempt(M.set_events, 3, 1)
attempt(M.register_callback, 0, 0, None)
attempt(M.register_callback, 0, 3, None)
attempt(M.register_callback, 0, 1 << 25, None)
attempt(M.register_callback, 0, 2**31, None)
attempt(M.set_events, 0, 2**31)
attempt(M.set_events, 0, 1 << 25)
attempt(M.set_events, 0, E.C_RETURN)
attempt(M.set_events, 0, E.C_RAISE | E.CALL)
attempt(M.set_events, 0, E.CALL | E.C_RETURN | E.C_RAISE)
print(M.get_events(0) == E.CALL)
M.set_events(0, 0)
attempt(M.set_local_events, 9, 3, 4)
attempt(M.get_local_events, 0, len)
for name in ("RAISE", "EXCEPTION_HANDLED", "PY_UNWIND", "PY_THROW", "RERAISE"):
    try:
        M.set_local_events(0, f.__code__, getattr(E, name))
    except ValueError as e:
        print(name, str(e).split(" 0x")[0])
for name in ("RAISE",):
    M.register_callback(0, getattr(E, name), lambda *args: M.DISABLE)
    M.set_events(0, getattr(E, name))
    try:
        try:
            raise KeyError(name)
        finally:
            pass
    except Exception as e:
        shown = type(e).__name__, str(e)
    M.set_events(0, 0)
    print(name, shown, M.register_callback(0, getattr(E, name), None))
M.free_tool_id(0)
attempt(M.free_tool_id, 0)
attempt(M.register_callback, 0, 1, f.__name__)
attempt(M.register_callback, 0, 1, None)
for call in (M.use_tool_id, M.get_tool, M.restart_events, M.set_events):
    try:
        call(1, 2, 3, 4)
    except TypeError as e:
        print(str(e).replace("sys.monitoring.", ""))
try:
    M.get_tool(tool_id=3)
except TypeError as e:
    print(e)
print(M.DEBUGGER_ID, M.COVERAGE_ID, M.PROFILER_ID, M.OPTIMIZER_ID, E.NO_EVENTS, E.LINE)
print(type(M.DISABLE), M.DISABLE is M.MISSING, "sys.monitoring" in sys.modules)
