"""`with` statements whose body stands on their own line, left in every way."""


class Room:
    def __init__(self, name, swallow=False):
        self.name = name
        self.swallow = swallow

    def __enter__(self):
        return self.name

    def __exit__(self, kind, error, trace):
        print("leave", self.name, kind and kind.__name__)
        return self.swallow


def boom(*values): raise LookupError(*values)


def raised(swallow):
    with Room("raise", swallow) as name: raise ValueError(name)
    with Room("call", swallow): boom(1)
    with Room("operator", swallow): 1 // None
    with Room("attribute", swallow), Room("inner"): print(swallow.missing)
    with Room("lines", swallow): boom(1,
        2)
    return "swallowed"


def returned():
    with Room("return"): return 1


def looped():
    for i in 1, 2:
        with Room(i): continue
    while True:
        with Room("while"): break


with Room("module", True) as name: raise KeyError(name)
try:
    with Room("tried"): boom(name)
except LookupError as error: print(repr(error))
with Room("last", True): name.missing
print(raised(True), returned(), looped())
for swallow in False, True:
    try: print(raised(swallow))
    except ValueError as error: print(repr(error))
with Room("end"): pass
