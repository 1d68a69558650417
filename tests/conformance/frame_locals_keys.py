# trace: none
"""The locals of a frame by keys that equal their names and are no plain str.

Not traced: what `hash` of a str returns differs from run to run.
"""

import sys

class Named(str):
    pass


class Impostor:
    def __hash__(self):
        return hash("x")

    def __eq__(self, other):
        return other == "x"


def locals_by_name():
    x = 1
    names = sys._getframe().f_locals
    names[Named("x")] = 2
    print(x, names["x"])
    names[Impostor()] = 3
    print(x, names[Impostor()])
    names["new"] = 4
    names[5] = 6
    print(names["new"], names[5], 5 in names)
    try:
        names[[]] = 1
    except TypeError as e:
        print(e)


locals_by_name()
