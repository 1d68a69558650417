"""Names of inlined comprehensions: what they hide while they run, in modules, classes and functions."""


def t(source, **namespace):
    try:
        exec(source, namespace)
        print({k: v for k, v in namespace.items() if k in "xy"})
    except Exception as e:
        print(type(e).__name__, e)


t("class C:\n  r = [__class__ for x in [1]]")
t("class C:\n  __class__ = 2\n  r = [__class__ for x in [1]]")
t("class C:\n  [super for _ in [1]]\n  [__class__ for _ in [1]]")
t("class C:\n  [__class__ for _ in [1]]\n  def f(self): return __class__")
t("class C:\n  def f(self): return __class__\n  [__class__ for _ in [1]]")
t("class C:\n  def f(self): return __class__\n  [(lambda: __class__)() for _ in [1]]")
t("def f():\n  [x for x in [1]]\n  return [x for _ in [1]]\ny = f()", x=3)
t("def f():\n  x = 2\n  [x for x in [1]]\n  return [x for _ in [1]]\ny = f()", x=3)
t("class C:\n  x = 2\n  [x for x in [1]]\n  y = [x for _ in [1]]\ny=C.y,C.x", x=3)
t("class C:\n  [x for x in [1]]\n  y = [x for _ in [1]]\ny=C.y", x=3)
t("y = [locals()['x'] for x in [1, 2]]")
t("y = [eval('x') for x in [1, 2]]")
t("[exec('y = x') for x in [1, 2]]", y=0)
t("y = [dir() for x in [1]]")
t("class C:\n  y = [sorted(locals()) for x in [1]]\ny = C.y")
t("class C:\n  z = 1\n  y = [sorted(locals()) for x in [1]]\n  z = 'y' in locals()\ny = C.y, C.z")
t("import sys\ny = 'x' in [sys._getframe().f_locals for x in [0]][0]")
t("import sys\ny = [sys._getframe().f_locals['x'] for x in [0]]")
