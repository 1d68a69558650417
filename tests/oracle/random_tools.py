"""Runs a program under three tools whose callbacks act at random, and prints what they saw.

    python3 random_tools.py PROGRAM SEED

The callbacks disable locations, change global and local sets of events, take callbacks away, restart.  The same seed gives
the same actions as long as the events are the same, so that two implementations can be compared by what this prints.  What
execmon does otherwise than CPython 3.13 on purpose stays out of it: changes of sets go with a restart, for CPython forgets
what was disabled when a set changes; tools are not freed while the program runs; a fourth tool watches PY_START and
PY_RESUME all the time, without which CPython loses LINE events behind an entry; STOP_ITERATION, which CPython fires in a
`for` that it has specialized, is not watched.
"""

import sys

monitoring = sys.monitoring
events = monitoring.events
TOOLS = range(3)
ENTRIES = 3
LOCAL = ["PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "CALL", "LINE", "JUMP", "BRANCH"]
OTHER = ["RAISE", "EXCEPTION_HANDLED", "PY_UNWIND", "PY_THROW", "RERAISE"]
MOST_EVENTS = 4000
# These are told apart by how an implementation calls them.
CALLABLES = {
    "builtin_function_or_method",
    "builtin_method",
    "function",
    "method",
    "method-wrapper",
    "method_descriptor",
    "wrapper_descriptor",
}


class Random:
    """Numbers that are the same everywhere (Marsaglia's xorshift)."""

    def __init__(self, seed):
        self.state = (seed + 1) * 2654435761 % 2**32

    def below(self, n):
        x = self.state
        x ^= x << 13 & 0xFFFFFFFF
        x ^= x >> 17
        x ^= x << 5 & 0xFFFFFFFF
        self.state = x
        return x % n


class Log:
    """What was seen, and what is to be done next."""

    def __init__(self, path, seed):
        self.path = path
        self.random = Random(seed)
        self.lines = []
        self.codes = []

    def start(self):
        monitoring.use_tool_id(ENTRIES, "entries")
        monitoring.register_callback(ENTRIES, events.PY_START, lambda *arguments: None)
        monitoring.register_callback(ENTRIES, events.PY_RESUME, lambda *arguments: None)
        monitoring.set_events(ENTRIES, events.PY_START | events.PY_RESUME)
        for tool in TOOLS:
            monitoring.use_tool_id(tool, f"tool {tool}")
            for name in LOCAL + OTHER:
                monitoring.register_callback(tool, getattr(events, name), self.callback(tool, name))
            self.set_events(tool)

    def stop(self):
        self.path = None
        for tool in [*TOOLS, ENTRIES]:
            monitoring.set_events(tool, 0)
            monitoring.free_tool_id(tool)

    def choose(self, names, one_in):
        """Every so many of the names, as a set of events and for the log."""
        chosen = [name for name in names if not self.random.below(one_in)]
        return sum(getattr(events, name) for name in chosen), " ".join(chosen)

    def set_events(self, tool):
        mask, names = self.choose(LOCAL + OTHER, 2)
        monitoring.set_events(tool, mask)
        self.lines.append(f"set {tool} {names}")

    def act(self):
        tool = self.random.below(len(TOOLS))
        match self.random.below(6):
            case 0 | 1:
                self.set_events(tool)
            case 2 | 3:
                code = self.codes[self.random.below(len(self.codes))]
                mask, names = self.choose(LOCAL, 2)
                monitoring.set_local_events(tool, code, mask)
                self.lines.append(f"local {tool} {code.co_qualname} {names}")
            case 4:
                name = (LOCAL + OTHER)[self.random.below(len(LOCAL + OTHER))]
                taken = monitoring.register_callback(tool, getattr(events, name), None)
                self.lines.append(f"register {tool} {name} {taken is not None}")
            case 5:
                self.lines.append("restart")
        monitoring.restart_events()

    def callback(self, tool, name):
        def seen(code, *arguments):
            if code.co_filename != self.path:
                return None
            if len(self.lines) > MOST_EVENTS:
                return None
            if code not in self.codes:
                self.codes.append(code)
            self.lines.append(f"{tool} {name} {code.co_qualname} {describe(code, name, arguments)}")
            if not self.random.below(25):
                self.act()
            if name in LOCAL and not self.random.below(4):
                self.lines.append("disable")
                return monitoring.DISABLE
            return None

        return seen


def describe(code, name, arguments):
    """The arguments, with lines in the place of offsets."""
    if name == "LINE":
        return str(arguments[0])
    if name in ("JUMP", "BRANCH"):
        return f"{line_of(code, arguments[0])} -> {line_of(code, arguments[1])}"
    if name == "CALL":
        kind = type(arguments[1]).__name__
        if kind in CALLABLES:
            return f"{line_of(code, arguments[0])} callable"
        return f"{line_of(code, arguments[0])} {kind} {type(arguments[2]).__name__}"
    return " ".join([str(line_of(code, arguments[0])), *(type(a).__name__ for a in arguments[1:])])


def line_of(code, offset):
    return next((line for start, end, line in code.co_lines() if start <= offset < end), None)


class Nowhere:
    def write(self, text):
        return len(text)

    def flush(self):
        pass


def main(path, seed):
    with open(path, encoding="utf-8") as file:
        source = file.read()
    log = Log(path, seed)
    stdout, stderr = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = Nowhere()
    log.start()
    try:
        exec(compile(source, path, "exec"), {"__name__": "__main__"})
        end = "end"
    except BaseException as error:
        end = type(error).__name__
    log.stop()
    sys.stdout, sys.stderr = stdout, stderr
    print("\n".join(log.lines))
    print(end)


main(sys.argv[1], int(sys.argv[2]))
