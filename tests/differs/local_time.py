"""Local time is UTC: no time zones are read.

CPython 3.13 prints:
    ('EST', 'EST') 19 0

execmon prints:
    ('UTC', 'UTC') 0 0
"""

import time

print(time.tzname, time.localtime(0).tm_hour, time.gmtime(0).tm_hour)
