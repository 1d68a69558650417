# trace: none
"""sys.monitoring: what callbacks are told of every event."""

import sys

M = sys.monitoring
E = M.events
log = []


def f(x):
    y = 0
    for i in range(x):
        if i % 2:
            y += i
        else:
            y -= 1
    return y


def g(n):
    try:
        yield n
        raise ValueError(n)
    except ValueError as e:
        yield str(e)


class K:
    def __init__(self, a): self.a = a
    def m(self, *p, **k): return len(p)


def work():
    f(3)
    list(g(2))
    k = K(4)
    k.m(1, 2, z=3)
    try:
        int("x")
    except ValueError:
        pass
    sorted([3,1,2], key=lambda v: -v)


def name(v):
    if isinstance(v, int):
        return "number"
    if v is M.MISSING: return 'MISSING'
    if isinstance(v, BaseException): return repr(v)
    return getattr(v, '__qualname__', None) or (v if isinstance(v,(int,str,type(None))) else type(v).__name__)


NAMES = ["PY_START","PY_RESUME","PY_RETURN","PY_YIELD","CALL","LINE","STOP_ITERATION","RAISE","EXCEPTION_HANDLED","PY_UNWIND","PY_THROW","RERAISE","C_RETURN","C_RAISE"]
M.use_tool_id(3, "t")
print(M.get_tool(3), M.get_tool(1))
for n in NAMES:
    def cb(code, *args, n=n):
        if n == 'LINE':
            log.append((n, code.co_name, args[0]))
        else:
            log.append((n, code.co_name, *[name(a) for a in args[1:]]))
    print(M.register_callback(3, getattr(E, n), cb))
M.set_events(3, sum(getattr(E, n) for n in NAMES))
print(M.get_events(3) == sum(getattr(E, n) for n in NAMES if not n.startswith('C_')))
log.clear()
work()
M.set_events(3, 0)
for l in log: print(l)
log.clear()
M.free_tool_id(3)
print(M.get_tool(3), M.get_events(3))
