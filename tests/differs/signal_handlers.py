"""What the process does with a signal is the affair of the host, as for any thread but the main one of the main interpreter.

CPython 3.13 prints:
    0

execmon prints:
    signal only works in main thread of the main interpreter
"""

import _signal

try:
    print(_signal.signal(_signal.SIGUSR1, _signal.SIG_IGN))
except ValueError as e:
    print(e)
