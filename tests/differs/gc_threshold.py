"""The cycle collector has one generation and looks at all containers, so it runs more rarely: after 20,000 new ones, or half as
many as there are.

CPython 3.13 prints:
    2000

execmon prints:
    20000
"""

import gc

print(gc.get_threshold()[0])
