"""with: one and several items, return/break/continue, as targets."""


class Room:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        print("enter", self.name)
        return self.name.upper()

    def __exit__(self, kind, value, traceback):
        print("exit", self.name, kind and kind.__name__)
        return False


def returns():
    with Room("r") as r:
        return r + "!"


def loops():
    out = []
    for i in range(3):
        with Room(str(i)) as out_name:
            if i == 0:
                continue
            if i == 2:
                break
            out.append(out_name)
    return out


def several():
    with Room("a") as a, Room("b") as b:
        print(a, b)
    with Room("c") as c, \
         Room("d"):
        x = c
        y = x
    with (
        Room("e") as e,
        Room("f") as f,
    ):
        return e + f + y


def targets():
    box = {}
    with Room("t") as box["key"]:
        pass
    with Room("u") as (first, *others):
        print(first, others)
    return box


def nothing():
    with Room("n"): pass
    with Room("m"): return


def nested():
    with Room("outer"):
        with Room("inner"):
            try:
                return "value"
            finally:
                print("finally")


print(returns())
print(loops())
print(several())
print(targets())
print(nothing())
print(nested())
with Room("module") as m:
    print(m)
while True:
    with Room("last"):
        break
