# trace: none
"""Callbacks that arm what stands behind their event, at the very instruction that fires it."""

import sys

mon = sys.monitoring
E = mon.events
log = []


def watch(tool, event, then=None, result=None):
    def callback(code, *args):
        if code is not watched.__code__:
            return mon.DISABLE
        log.append((tool, event))
        if then is not None:
            then()
        return result

    mon.register_callback(tool, getattr(E, event), callback)


def loop():
    for i in range(2):
        len("x")
        -i


def calls():
    len("a")
    len("b")
    return len("c")


def branch(x=1):
    if x:
        pass
    while x:
        x -= 1


def returns():
    return 1


def yields():
    yield 1
    yield 2


def jumps():
    for i in range(2):
        if i:
            continue
        i + 1


def once(do):
    """A function that does something at its first call."""
    left = [do]
    return lambda: left and left.pop()()


def run(name, function, sets, *callbacks):
    """Calls the function with local events `sets` by tool."""
    global watched
    watched = function
    log.clear()
    for tool in 0, 1:
        mon.use_tool_id(tool, "tool")
    for callback in callbacks:
        watch(*callback)
    for tool, events in sets.items():
        mon.set_local_events(tool, function.__code__, events)
    result = function()
    if hasattr(result, "__next__"):
        list(result)
    for tool in 0, 1:
        mon.set_local_events(tool, function.__code__, 0)
        mon.set_events(tool, 0)
        for event in "LINE", "CALL", "JUMP", "BRANCH", "PY_RETURN", "PY_YIELD":
            mon.register_callback(tool, getattr(E, event), None)
        mon.free_tool_id(tool)
    print(name, *(f"{tool}{event}" for tool, event in log))


for function in loop, calls, branch, returns, yields, jumps:
    code = function.__code__
    for event in "CALL", "PY_RETURN", "PY_YIELD", "BRANCH", "JUMP":
        events = getattr(E, event)
        ways = {"global": lambda: mon.set_events(0, events), "local": lambda: mon.set_local_events(0, code, events)}
        for way, arm in ways.items():
            for result in None, mon.DISABLE:
                run(
                    f"{function.__name__} {event} {way} {result is not None}",
                    function,
                    {1: E.LINE},
                    (0, event),
                    (1, "LINE", once(arm), result),
                )

# A line is disabled, and the jump to it takes that back.
for result in None, mon.DISABLE:
    for function in loop, branch, jumps:
        run(
            f"restart {function.__name__} {result is not None}",
            function,
            {0: E.JUMP, 1: E.LINE | E.JUMP},
            (0, "JUMP", None, result),
            (1, "JUMP", mon.restart_events),
            (1, "LINE", None, mon.DISABLE),
        )
