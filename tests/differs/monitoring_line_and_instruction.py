"""Each event of an instruction is disabled for itself.  In CPython 3.13 a LINE callback that returns DISABLE swallows the
INSTRUCTION event of that instruction once.

CPython 3.13 prints:
    False True

execmon prints:
    True True
"""

import sys

M = sys.monitoring
count = 0


def on_instruction(code, offset):
    global count
    count += 1


def f():
    x = 1
    return x


M.use_tool_id(2, 'instructions')
M.register_callback(2, M.events.INSTRUCTION, on_instruction)
M.set_local_events(2, f.__code__, M.events.INSTRUCTION)
f()
alone, count = count, 0
M.use_tool_id(3, 'lines')
M.register_callback(3, M.events.LINE, lambda code, line: M.DISABLE)
M.set_local_events(3, f.__code__, M.events.LINE)
f()
first, count = count, 0
f()
print(alone == first, alone == count)
M.free_tool_id(2)
M.free_tool_id(3)
