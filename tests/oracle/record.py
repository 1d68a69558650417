#!/usr/bin/env python3
"""Record the event trace of one script under CPython, as JSON Lines.

    record.py [--events A,B,...] [--output FILE] SCRIPT [ARGS...]

The counterpart of `execmon trace --format jsonl` for CPython 3.12 and later:
one JSON object per event of `sys.monitoring`, in the order in which the
events fire, of code whose file is SCRIPT only.  The default events are all
but INSTRUCTION, the default output is standard error (written when the script
has ended).  The script runs as `__main__`; its output, its exit status and
the traceback of an uncaught exception are its own.

Limits, all of CPython:

* A callback is a Python function and needs a frame, so a script that meets
  the recursion limit meets it one call earlier, inside a callback.
* Events are recorded until the frame of the module is left; what dies later,
  while the interpreter is torn down, is not.
"""

import sys

# The script's own import of a sibling module must not leave files behind.
sys.dont_write_bytecode = True

from _json import encode_basestring_ascii as json_string
from importlib.machinery import SourceFileLoader
from types import MethodType, ModuleType

MONITORING = sys.monitoring
EVENTS = MONITORING.events
TOOL_ID = MONITORING.PROFILER_ID

# Frames below the script's module frame, by which the recursion limit is moved:
# the recorder's module, `main`, `run_recorded`.
RECORDER_FRAMES = 3

ALL_EVENTS = (
    "PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "CALL", "LINE",
    "INSTRUCTION", "JUMP", "BRANCH_LEFT", "BRANCH_RIGHT", "STOP_ITERATION",
    "RAISE", "EXCEPTION_HANDLED", "PY_UNWIND", "PY_THROW", "RERAISE",
    "C_RETURN", "C_RAISE",
)
SIDES = ("BRANCH_LEFT", "BRANCH_RIGHT")
CALL_GROUP = ("CALL", "C_RETURN", "C_RAISE")
LONGEST_REPR = 80
CUT_REPR = 77


class UsageError(Exception):
    """A command line that this program does not understand."""


def parse_arguments(arguments):
    """Return (event names, output path or None, script, script's arguments)."""
    names = [name for name in ALL_EVENTS if name != "INSTRUCTION"]
    output = None
    rest = list(arguments)
    while rest and rest[0].startswith("-"):
        option, equals, value = rest.pop(0).partition("=")
        if option == "--":
            break
        if option not in ("--events", "--output", "--format"):
            raise UsageError(f"unknown option {option}")
        if not equals:
            if not rest:
                raise UsageError(f"{option} needs a value")
            value = rest.pop(0)
        if option == "--output":
            output = value
        elif option == "--format":
            if value != "jsonl":
                raise UsageError("the only format is jsonl")
        else:
            names = [name.strip() for name in value.split(",") if name.strip()]
            for name in names:
                if name != "BRANCH" and name not in ALL_EVENTS:
                    raise UsageError(f"unknown event {name}")
    if not rest:
        raise UsageError("no script")
    return names, output, rest[0], rest[1:]


def supported(names):
    """The events of this CPython that stand for `names` (3.12 and 3.13: BRANCH only)."""
    found = []
    for name in names:
        if name in SIDES and not hasattr(EVENTS, name):
            name = "BRANCH"
        if name not in found:
            found.append(name)
    return found


def show(value):
    """A value as the trace format has it: repr of the exact plain types, else the type."""
    if value is MONITORING.MISSING:
        return "MISSING"
    kind = type(value)
    if value is not None and kind not in (bool, int, float, str, bytes):
        return f"<{kind.__name__}>"
    try:
        text = repr(value)
    except ValueError:
        # More digits than int() may convert by default; the limit is the script's, so put it back.
        limit = sys.get_int_max_str_digits()
        sys.set_int_max_str_digits(0)
        try:
            text = repr(value)
        finally:
            sys.set_int_max_str_digits(limit)
    return text if len(text) <= LONGEST_REPR else text[:CUT_REPR] + "..."


def name_of(function):
    """`__qualname__` of a callable, without running any code of the script."""
    try:
        # isinstance() would ask the object for its __class__.
        if issubclass(type(function), type):
            name = type.__getattribute__(function, "__qualname__")
        elif type(function) is MethodType:
            name = function.__qualname__
        else:
            name = object.__getattribute__(function, "__qualname__")
    except Exception:
        name = None
    return name if type(name) is str else f"<{type(function).__name__}>"


def show_exception(exception):
    """Type and message of an exception as a JSON object."""
    try:
        message = str(exception)
    except Exception as error:
        message = f"<unprintable: {type(error).__name__}>"
    kind = json_string(type(exception).__name__)
    return f'{{"type": {kind}, "message": {json_string(message)}}}'


class Recorder:
    """Collects the JSON lines of the events of code whose file is `filename`.

    Only strings are kept, never an object of the script, so that objects die
    when they would without a recorder.  Code objects are the exception: their
    death is not observable by events.
    """

    def __init__(self, filename):
        self.filename = filename
        self.records = []
        # id(code) -> (code, line of each instruction); code objects compare by content.
        self.lines_by_code = {}

    def line_at(self, code, offset):
        """The line of the instruction at `offset` as JSON text."""
        entry = self.lines_by_code.get(id(code))
        if entry is None:
            entry = (code, [position[0] for position in code.co_positions()])
            self.lines_by_code[id(code)] = entry
        index = offset // 2
        lines = entry[1]
        line = lines[index] if 0 <= index < len(lines) else None
        return "null" if line is None else str(line)

    def write(self, event, code, line, more=""):
        """Append one record; `more` is JSON text of further keys, with its leading comma."""
        qualname = json_string(code.co_qualname)
        self.records.append(f'{{"event": "{event}", "code": {qualname}, "line": {line}{more}}}\n')

    def callback(self, event):
        """The function to register for `event`."""
        filename = self.filename
        write = self.write
        line_at = self.line_at

        def on_start(code, offset):
            if code.co_filename == filename:
                write(event, code, code.co_firstlineno)

        def on_line(code, line):
            if code.co_filename == filename:
                write(event, code, line)

        def on_resume(code, offset):
            if code.co_filename == filename:
                write(event, code, line_at(code, offset))

        def on_instruction(code, offset):
            if code.co_filename == filename:
                write(event, code, line_at(code, offset), f', "offset": {offset}')

        def on_value(code, offset, value):
            if code.co_filename == filename:
                write(event, code, line_at(code, offset), f', "value": {json_string(show(value))}')

        def on_call(code, offset, function, arg0):
            if code.co_filename == filename:
                callee = json_string(name_of(function))
                first = json_string(show(arg0))
                write(event, code, line_at(code, offset), f', "callable": {callee}, "arg0": {first}')

        def on_jump(code, offset, destination):
            if code.co_filename == filename:
                write(event, code, line_at(code, offset), f', "to_line": {line_at(code, destination)}')

        def on_exception(code, offset, exception):
            if code.co_filename == filename:
                write(event, code, line_at(code, offset), f', "exception": {show_exception(exception)}')

        if event in ("PY_RETURN", "PY_YIELD"):
            return on_value
        if event in CALL_GROUP:
            return on_call
        if event in ("JUMP", "BRANCH", *SIDES):
            return on_jump
        return {
            "PY_START": on_start, "LINE": on_line, "PY_RESUME": on_resume,
            "INSTRUCTION": on_instruction,
        }.get(event, on_exception)

    def start(self, names):
        """Register the callbacks and switch the events on."""
        MONITORING.use_tool_id(TOOL_ID, "record")
        events = 0
        for name in supported(names):
            MONITORING.register_callback(TOOL_ID, getattr(EVENTS, name), self.callback(name))
            events |= getattr(EVENTS, name)
        if any(name in CALL_GROUP for name in names):
            # C_RETURN and C_RAISE can only be set together with CALL.
            for name in CALL_GROUP:
                events |= getattr(EVENTS, name)
        MONITORING.set_events(TOOL_ID, events)

    def stop(self):
        """Switch everything off."""
        MONITORING.set_events(TOOL_ID, 0)
        MONITORING.free_tool_id(TOOL_ID)


def main_module(path):
    """A fresh `__main__` with the names that CPython gives it, in their order."""
    module = ModuleType("__main__")
    module.__loader__ = SourceFileLoader("__main__", path)
    if sys.version_info < (3, 14):
        module.__annotations__ = {}
    module.__builtins__ = sys.modules["builtins"]
    module.__file__ = path
    module.__cached__ = None
    return module


def run_recorded(recorder, names, code, namespace):
    """Run the module code with events on.  Nothing of the script is released while they are on."""
    recorder.start(names)
    try:
        exec(code, namespace)
    finally:
        recorder.stop()


def without_recorder(exception, filename):
    """The same exception with a traceback that begins in the script."""
    traceback = exception.__traceback__
    while traceback is not None and traceback.tb_frame.f_code.co_filename != filename:
        traceback = traceback.tb_next
    return exception.with_traceback(traceback)


def real_path(path):
    """`os.path.realpath`, imported here so that nothing else depends on os."""
    import os.path
    return os.path.realpath(path), os.path.abspath(path)


def save(records, output):
    """Write the trace to a file, or to standard error."""
    if output is None:
        sys.__stderr__.writelines(records)
        sys.__stderr__.flush()
        return
    with open(output, "w", encoding="ascii", newline="\n") as file:
        file.writelines(records)


def main():
    """The command line; returns the exit status or raises SystemExit with the script's."""
    try:
        names, output, script, arguments = parse_arguments(sys.argv[1:])
        resolved, path = real_path(script)
        with open(path, "rb") as file:
            source = file.read()
    except (UsageError, OSError) as error:
        print(f"record.py: {error}", file=sys.stderr)
        return 2

    recorder = Recorder(path)
    module = main_module(path)
    sys.modules["__main__"] = module
    sys.argv = [script, *arguments]
    sys.path[0] = resolved.rpartition("/")[0] or "/"
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit + RECORDER_FRAMES)
    try:
        code = compile(source, path, "exec", dont_inherit=True)
        run_recorded(recorder, names, code, module.__dict__)
        status = 0
    except SystemExit as leaving:
        status = leaving.code
    except BaseException as error:
        sys.stdout.flush()
        error = without_recorder(error, path)
        sys.excepthook(type(error), error, error.__traceback__)
        status = 1
    finally:
        save(recorder.records, output)
    return status


if __name__ == "__main__":
    sys.exit(main())
