# trace: none
"""sys.addaudithook and sys.audit."""

import sys

seen = []
SHOWN = ("sys.addaudithook", "sys.monitoring.register_callback", "builtins.id", "my.event", "import", "compile")


def hook(event, args):
    if event in SHOWN:
        shown = args[:1] if event in ("import", "my.event") else args[1:] if event == "compile" else ()
        seen.append((event, len(args), *shown))


sys.addaudithook(hook)
sys.audit("my.event", 1, "two")
sys.audit("my.event")
id(hook)


def callback(code, offset):
    pass


sys.monitoring.register_callback(4, sys.monitoring.events.PY_START, callback)
sys.monitoring.register_callback(4, sys.monitoring.events.PY_START, None)
try:
    sys.monitoring.register_callback(4, 3, None)
except ValueError as e:
    print(e)
try:
    import no_such_module
except ImportError as e:
    print(e)
eval("1 + 1")
print(seen)
seen.clear()


class Refused(Exception):
    pass


def refuse(event, args):
    if event in ("sys.addaudithook", "my.refused", "sys.monitoring.register_callback"):
        raise Refused(event)


sys.addaudithook(hook=refuse)
sys.addaudithook(print)  # kept out, silently
for call in (
    lambda: sys.audit("my.refused"),
    lambda: sys.audit("my.event", None),
    lambda: sys.monitoring.register_callback(4, 1, callback),
    lambda: sys.audit(),
    lambda: sys.audit(3),
    lambda: sys.addaudithook(),
):
    try:
        print(call())
    except (Refused, TypeError) as e:
        print(type(e).__name__, e)
print(seen)
