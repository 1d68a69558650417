# trace: none
"""Hooks of sys: what shows exceptions that nobody catches, and breakpoint()."""
import sys


class Writer:
    def __init__(self):
        self.parts = []

    def write(self, text):
        self.parts.append(text)

    def flush(self):
        pass


def broken():
    raise ValueError('shown')


writer = Writer()
stderr, sys.stderr = sys.stderr, writer
try:
    broken()
except ValueError as e:
    sys.excepthook(type(e), e, e.__traceback__)
sys.stderr = stderr
lines = ''.join(writer.parts).splitlines()
print(lines[0], lines[-1], len(lines))


class Dying:
    def __del__(self):
        raise KeyError('in del')


def unraisable(args):
    print(args.exc_type.__name__, args.exc_value, args.err_msg, args.object.__qualname__, args.exc_traceback is not None)


sys.unraisablehook = unraisable
Dying()
sys.unraisablehook = sys.__unraisablehook__


def stop(*args, **keywords):
    print('breakpoint', args, keywords)
    return 'result'


sys.breakpointhook = stop
print(breakpoint(1, x=2))
sys.breakpointhook = sys.__breakpointhook__
print(sys.excepthook is sys.__excepthook__, sys.displayhook is sys.__displayhook__)
sys.setswitchinterval(0.25)
print(sys.getswitchinterval(), sys._is_interned('name'), sys._getframemodulename())
try:
    sys.setswitchinterval(0)
except ValueError as e:
    print(e)


def hook(kind, value, traceback):
    print('hook', kind.__name__, value, traceback is not None)


sys.excepthook = hook
broken()
