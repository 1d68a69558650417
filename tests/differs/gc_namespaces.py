"""`gc` does not give the dict behind the `__dict__` of a class, but what is in it: who changed that dict would change the class
behind the back of what is remembered of it (CPython dies of that).

CPython 3.13 prints:
    [True, False]

execmon prints:
    [False, True]
"""

import gc


class C:
    x = ["in the class"]


found = gc.get_referents(C)
print([any(type(o) is dict and "x" in o for o in found), any(o is C.x for o in found)])
