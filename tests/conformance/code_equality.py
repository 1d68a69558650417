"""Code objects: which are equal, and what replacing their first line does."""


def one(source, name='<one>'):
    return compile(source, name, 'exec')


pairs = [('x = 1', 'x = 1'), ('x = 1', 'x = 1.0'), ('x = 1', 'x = True'), ('x = 0.0', 'x = -0.0'), ('x = 1', 'y = 1'), ('x = 1', 'x = 2'),
         ('x = (1, 2)', 'x = (1, 2)'), ('x = (1, 2)', 'x = (1.0, 2)'), ('x = 1', '\nx = 1'), ('x in {1, 2}', 'x in {2, 1}'),
         ('def f(a): return a', 'def f(a): return a'), ('def f(a): return a', 'def f(b): return b'), ('def f(a): return a', 'def f(*a): return a'),
         ("x = 'a'", "x = b'a'"), ('x = 1j', 'x = 1j'), ('x = 0j', 'x = -0j'), ('x', 'x\n'), ('pass', ''), ('lambda: 1', 'lambda: 1')]
for a, b in pairs:
    x, y = one(a), one(b)
    print(repr(a), repr(b), x == y, x != y, not x == y or hash(x) == hash(y))
print(one('x = 1', 'a') == one('x = 1', 'b'), one('x') == 'x', one('x') != None, one('x').__eq__(5))


def function(a, b=1, *, c):
    def nested():
        return a, b
    return nested


code = function.__code__
print(code == code.replace(), hash(code) == hash(code.replace()), code.replace() is code, code in {code.replace(): 1})
print(code == code.replace(co_name='other'), code == code.replace(co_filename='other'), code == code.replace(co_firstlineno=1))
print(function(1, c=2).__code__ == function(3, c=4).__code__, (lambda: 1).__code__ == (lambda: 1).__code__)

moved = code.replace(co_firstlineno=code.co_firstlineno + 100)
lines = lambda c: sorted({line - c.co_firstlineno for *_, line in c.co_lines() if line})
print(moved.co_firstlineno - code.co_firstlineno, lines(moved) == lines(code), lines(moved))
positions = lambda c: [(p[0] - c.co_firstlineno, p[1] - c.co_firstlineno) for p in c.co_positions() if p[0]]
print(positions(moved) == positions(code))


def fails(x):
    y = x
    return y / 0


fails.__code__ = fails.__code__.replace(co_firstlineno=1000, co_filename='elsewhere.py', co_name='moved')
try:
    fails(1)
except ZeroDivisionError as e:
    t = e.__traceback__.tb_next
    print(t.tb_lineno, t.tb_frame.f_lineno, t.tb_frame.f_code.co_firstlineno, t.tb_frame.f_code.co_filename)

for change in ({'co_argcount': 50}, {'co_argcount': code.co_argcount}, {'co_kwonlyargcount': 1}, {'co_argcount': -1}, {'co_firstlineno': -1}, {'nothing': 1}):
    try:
        print(code.replace(**change) == code)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
for flags in (1 << 30, -1, 0x800, 8):
    try:
        compile('x', 'x', 'exec', flags)
        print('compiled')
    except ValueError as e:
        print(e)
