# ends: traceback
"""The traceback of an uncaught group: nested, with causes, contexts and notes."""


def fail(kind, text):
    raise kind(text)


def collect():
    errors = []
    for kind, text in ((ValueError, "one"), (KeyError, "two"), (OSError, "three\nlines")):
        try:
            try:
                fail(kind, text)
            except KeyError as e:
                raise TypeError("from key") from e
            except OSError:
                fail(LookupError, "while handling")
        except Exception as e:
            e.add_note("note of " + text)
            errors.append(e)
    inner = ExceptionGroup("inner", errors)
    inner.add_note("first note\nsecond line")
    inner.add_note("second note")
    return inner


try:
    raise ValueError("before")
except ValueError:
    raise ExceptionGroup("outer", [collect(), RuntimeError("alone"), BaseExceptionGroup("x", [SystemExit(3)])]) \
        if False else ExceptionGroup("outer", [collect(), RuntimeError("alone")])
