"""State machines: a table-driven one, one of coroutines, one of bound methods."""


class InvalidTransition(RuntimeError):
    pass


class Machine:
    transitions = {}

    def __init_subclass__(cls):
        cls.transitions = {}
        for name in list(vars(cls)):
            rule = getattr(getattr(cls, name), "rule", None)
            if rule:
                cls.transitions[rule] = name

    def __init__(self, state):
        self.state = state
        self.trail = [state]

    def fire(self, event, *args):
        try:
            name = self.transitions[self.state, event]
        except KeyError:
            raise InvalidTransition(f"{event} in {self.state}") from None
        else:
            self.state = getattr(self, name)(*args) or self.state
        finally:
            self.trail.append(self.state)
        return self


def on(state, event):
    def mark(function):
        function.rule = (state, event)
        return function
    return mark


class Door(Machine):
    def __init__(self):
        super().__init__("closed")
        self.key = None

    @on("closed", "open")
    def opened(self):
        return "open"

    @on("open", "close")
    def closed(self):
        return "closed"

    @on("closed", "lock")
    def locked(self, key):
        self.key = key
        return "locked"

    @on(
        "locked",
        "unlock",
    )
    def unlocked(self, key):
        if key != self.key:
            raise PermissionError("wrong key")
        return "closed"


def parser():
    """Sections of `[a,b]` text, as a coroutine fed by characters."""
    found = []
    while True:
        ch = yield found
        if ch == "[":
            parts, part = [], ""
            while (ch := (yield found)) != "]":
                if ch is None:
                    raise EOFError("unclosed section")
                if ch == ",":
                    parts.append(part)
                    part = ""
                else:
                    part += ch
            found.append(parts + [part])
        elif ch is None:
            return found


def feed(text):
    machine = parser()
    next(machine)
    try:
        for ch in text:
            machine.send(ch)
        machine.send(None)
    except StopIteration as stop:
        return stop.value
    except EOFError as error:
        return str(error)


class Traffic:
    def __init__(self):
        self.step = self.red

    def red(self):
        self.step = self.green
        return "red"

    def green(self):
        self.step = self.yellow
        return "green"

    def yellow(self):
        self.step = self.red
        return "yellow"


door = Door()
print(door.fire("open").fire("close").fire("lock", 7).state)
for event, *args in (("open",), ("unlock", 1), ("unlock", 7), ("open",)):
    try:
        print(door.fire(event, *args).state)
    except InvalidTransition as error:
        print("invalid:", error)
    except PermissionError as error:
        print("denied:", error)
print(door.trail, sorted(Door.transitions))
print(feed("x[a,b]y[c]"), feed("[open"), feed(""))
light = Traffic()
print([light.step() for _ in range(5)])
