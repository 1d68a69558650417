"""The collector: cycles, finalizers, weak references in cycles, what gc tells."""
import gc
from _weakref import ref

log = []


class Node:
    def __init__(self, name):
        self.name = name
        self.me = self

    def __del__(self):
        log.append(self.name)


n = Node("a")
w = ref(n, lambda r: log.append("callback"))
del n
print(w() is not None, log)
gc.collect()
print(w(), log)

a = []
b = [a]
a.append(b)
del a, b
print(gc.collect() > 0, gc.collect())
print(gc.isenabled())
gc.disable()
print(gc.isenabled())
gc.enable()
print(len(gc.get_threshold()), len(gc.get_count()), gc.garbage, gc.callbacks, gc.get_debug())
l = [1]
t = (l,)
print(t in gc.get_referrers(l), l in gc.get_referents(t))
print(gc.is_tracked(l), gc.is_tracked(1), gc.is_tracked("a"), l in gc.get_objects())
for f in (lambda: gc.collect(7), lambda: gc.collect(-1), lambda: gc.collect("x")):
    try:
        print(f())
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)


class Saver:
    kept = []

    def __init__(self):
        self.loop = self

    def __del__(self):
        Saver.kept.append(self)


Saver()
gc.collect()
print(len(Saver.kept), gc.is_finalized(Saver.kept[0]), Saver.kept[0].loop is Saver.kept[0])
Saver.kept.clear()
gc.collect()
print(len(Saver.kept))
