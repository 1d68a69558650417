"""A function on one line gets its LINE event.  CPython 3.13 loses it when LINE alone is set: the line of the entry counts as
the line before, once the entry's opcode is specialized.  So it does with a handler on the line of an `await` that has been
resumed before something is thrown there.

CPython 3.13 prints:
    0

execmon prints:
    1
"""

import sys

M = sys.monitoring
lines = []


def on_line(code, line):
    lines.append((code.co_name, line))


def f(): return 1


M.use_tool_id(2, 'lines')
M.register_callback(2, M.events.LINE, on_line)
M.set_local_events(2, f.__code__, M.events.LINE)
f()
M.free_tool_id(2)
print(len(lines))
