"""An exception of a callback of an exception event gets the exception of the event as its `__context__`.  CPython 3.13 loses it.

CPython 3.13 prints:
    ValueError('of the callback')

execmon prints:
    ValueError('of the callback')
    ValueError('of the callback')
    KeyError('of the program')
"""

import sys

M = sys.monitoring


def on_raise(code, offset, exception):
    raise ValueError('of the callback')


def f():
    raise KeyError('of the program')


M.use_tool_id(2, 'raise')
M.register_callback(2, M.events.RAISE, on_raise)
M.set_events(2, M.events.RAISE)
try:
    f()
except Exception as e:
    caught = e
M.free_tool_id(2)
while caught:
    print(repr(caught))
    caught = caught.__context__
