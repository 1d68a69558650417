"""What benches/events.py runs under execmon and under CPython: main() of a workload with a callback in Python.

    python_events.py FILE none|LINE|PY_START|PY_RETURN PASSES

Prints the events of the passes and the nanoseconds of processor time that they took, after one that warms up.  What is timed
is a callback that does nothing; the events are counted by another one, in a pass of its own.
"""

import sys
import time

monitoring = sys.monitoring
TOOL = 3


def on_event(code, where):
    return None


def on_value(code, offset, value):
    return None


# By event: what CPython passes.
CALLBACKS = {"LINE": on_event, "PY_START": on_event, "PY_RETURN": on_value, "none": None}


class Counter:
    count = 0

    def __call__(self, code, where, *values):
        self.count += 1


def watch(names, callback):
    mask = 0
    for name in [] if names == "none" else names.split(","):
        event = getattr(monitoring.events, name)
        monitoring.register_callback(TOOL, event, callback)
        mask |= event
    monitoring.set_events(TOOL, mask)


def main():
    source, names, passes = sys.argv[1], sys.argv[2], int(sys.argv[3])
    namespace = {"__name__": "bench"}
    with open(source) as file:
        exec(compile(file.read(), source, "exec"), namespace)
    work = namespace["main"]
    monitoring.use_tool_id(TOOL, "events")
    watch(names, CALLBACKS[names])
    work()
    start = time.process_time_ns()
    for _ in range(passes):
        work()
    taken = time.process_time_ns() - start
    counter = Counter()
    watch(names, counter)
    work()
    monitoring.set_events(TOOL, 0)
    print(counter.count * passes, taken)


main()
