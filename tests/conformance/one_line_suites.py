"""One-line suites and statements joined by semicolons."""

def f(): return 1
def g(x): x += 1; return x
def h(): pass
def k(x):
    if x: return "yes"
    return "no"
def m(x):
    if x: y = 1
    else: y = 2
    for i in range(2): y += i
    while y > 3: y -= 1
    try: y / x
    except ZeroDivisionError: y = "zero"
    else: y = -y
    finally: x = None
    return y
class C: pass
class D: a = 1; b = 2
class E:
    def one(self): return self
    two = lambda self: 2
print(f(), g(1), h(), k(1), k(0), m(1), m(0)); print(C.__name__, D.a + D.b, E().one().two())
a = 1; b = 2; c = a + b
if a: print("a"); print("b")
if not a: print("never")
elif b: print("elif")
else: print("never")
for i in range(2): print(i); continue
for i in range(3): break
else: print("never")
while a: a -= 1; print("w")
else: print("while else")
try: raise ValueError
except ValueError as e: print(repr(e)); b = 5
try: pass
finally: print("finally")
x = [f() for _ in "ab"]; y = {k(1): 2}; print(x, y, b, c)
def one_line_generator(): yield 1; yield 2
def try_line():
    try: return f()
    finally: print("leaving")
print(list(one_line_generator()), try_line())
if f() and g(0): print("and")
if f() or h(): print("or"); z = 1
lambda: 0; 1; "expression statements"
def raises(): raise KeyError("k")
try: raises()
except (KeyError, ValueError): print("caught")
def assign(): (q := 3); return q
print(assign(), 1 if f() else 2)


def nothing_between(a, b):
    if a < b: pass
    if a > b: pass
    if a != b: pass
    if a < b < 10: pass
    if a in (): pass
    return a


print(nothing_between(1, 2))
print(len(range(2 ** 62 + 5)), range(2 ** 63 - 1).__len__())
