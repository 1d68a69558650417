"""Names at the top of a module, found again and again while what binds them changes."""

log = []

for turn in range(4):
    count = turn
    if turn == 1:
        length = len
    elif turn == 2:
        len = lambda thing: "mine"
    elif turn == 3:
        del len
    log.append((count, len("four")))
print(log)

for turn in range(3):
    globals()["count"] = turn * 10
    count += 1
    globals()[f"made{turn}"] = turn
    print(count, [n for n in range(4) if f"made{n}" in globals()])

for turn in range(3):
    try:
        print(late)
    except NameError as e:
        print(type(e).__name__, e)
        late = turn
    else:
        del late


class Body:
    count = count
    for turn in range(3):
        count += turn
    seen = [name for name in ("count", "turn") if name in vars()]


print(Body.count, Body.turn, Body.seen, count, turn)

# The same code with the globals as its locals, with others, and with a mapping that is no dict.
code = compile("for i in range(3):\n    x = x + i\nresult = x\n", "<names>", "exec")


class Loud(dict):
    def __getitem__(self, key):
        print("get", key)
        return super().__getitem__(key)

    def __setitem__(self, key, value):
        print("set", key, value)
        super().__setitem__(key, value)


space = {"x": 1}
exec(code, space)
exec(code, space)
print(space["result"], space["x"])
inner = {"x": 100}
exec(code, space, inner)
print(space["x"], inner["x"], inner["result"])
loud = Loud(x=5)
exec(code, space, loud)
print(space["x"], loud["result"])
exec(code, space)
print(space["x"])


def write():
    global written, total
    for i in range(3):
        written = i
        total = total + written
        if i == 1:
            globals().pop("written")
    return written, total


total = 0
print(write(), write(), total)


class Dying:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name, "held" in globals())


for name in "abc":
    held = Dying(name)
print("last")
held = None
several = [Dying("d"), Dying("e")]
several *= 0
print("end", several)
