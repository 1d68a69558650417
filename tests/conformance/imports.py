"""import of siblings: modules, packages, from, as, errors, caching."""

import sys
import math, time
from sys import argv, maxsize as biggest
from math import (
    floor,
    ceil as up,
)

import siblings.helper
import siblings.helper as helper
from siblings import helper as again
from siblings.helper import double, CONSTANT
from siblings.sub.deep import where
import siblings.sub.deep as deep
from siblings.sub import *

print(siblings.helper is helper is again, double(4), CONSTANT, where(), deep.__name__)
print(floor(2.5), up(2.5), math.pi > 3, biggest == sys.maxsize, len(argv))
print(exported(), "siblings.sub" in sys.modules, helper.calls())


def local_import():
    from siblings import helper as inner
    import siblings.sub.deep
    return inner.double(2), siblings.sub.deep.where()


def attempt(number):
    try:
        if number == 0:
            import no_such_module
        elif number == 1:
            from siblings import no_such_name
        elif number == 2:
            import siblings.no_such_submodule
        elif number == 3:
            import siblings.broken
        elif number == 4:
            from siblings.helper import (
                double,
                missing,
            )
        else:
            import math.sub
    except ImportError as error:
        print(type(error).__name__, str(error)[:35])
    except ZeroDivisionError as error:
        print("broken module:", error, "siblings.broken" in sys.modules)


print(local_import())
for number in range(6):
    attempt(number)
print(__name__, __file__[-10:], time.time() > 0)
print(helper.apply(lambda x: x + 1, 5), siblings.__name__, siblings.sub.__package__)
try:
    helper.apply(lambda x: x / 0, 5)
except ZeroDivisionError as error:
    print(error)
