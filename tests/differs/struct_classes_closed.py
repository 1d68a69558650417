"""The classes of named tuples are all immutable; in CPython those made while it runs are not.

CPython 3.13 prints:
    set

execmon prints:
    cannot set 'extra' attribute of immutable type 'time.struct_time'
"""

import time

try:
    time.struct_time.extra = 1
    print('set')
except TypeError as e:
    print(e)
