"""An exception in a `with` whose body stands on its own line fires no second LINE event for that line, however far the
line is from the first of its code: the `with` takes over on the line that raised.  CPython 3.13 fires one from 128
lines on (a sixteenth of the handler's offset added), where the distance no longer fits a byte of its table; CPython
3.14 does not.

CPython 3.13 prints:
    1
    2

execmon prints:
    1
    1
"""
import sys

MONITORING = sys.monitoring
LINE = MONITORING.events.LINE


class Swallow:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return True


def line_events(line):
    code = compile("\n" * (line - 1) + "with Swallow(): 1 // None\nafter = 1\n", "far", "exec")
    lines = []
    MONITORING.use_tool_id(0, "lines")
    MONITORING.register_callback(0, LINE, lambda code, number: lines.append(number))
    MONITORING.set_local_events(0, code, LINE)
    exec(code)
    MONITORING.free_tool_id(0)
    return lines.count(line)


print(line_events(100))
print(line_events(200))
