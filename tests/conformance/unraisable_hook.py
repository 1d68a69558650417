"""`sys.unraisablehook`: what it is told, what it may do, and what `sys` does without one."""

import sys

class Broken:
    def __del__(self):
        raise ValueError("broken")

def hook(args):
    print(args.exc_type.__name__, args.exc_value, args.exc_traceback.tb_lineno, args.err_msg)
    print(args.object.__qualname__, type(args).__name__, len(args))

sys.unraisablehook = hook
Broken()
print(sys.unraisablehook is sys.__unraisablehook__)

sys.unraisablehook = sys.__unraisablehook__
try:
    sys.unraisablehook(5)
except TypeError as e:
    print(e)
sys.stderr = None
Broken()
sys.stderr = sys.__stderr__
print("end")
