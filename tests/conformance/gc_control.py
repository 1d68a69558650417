# trace: none
"""gc: callbacks, DEBUG_SAVEALL, freeze, thresholds, and what `itertools.tee` reads ahead."""
import gc
import _weakref
import itertools


class Node:
    pass


def cycle():
    a, b = Node(), Node()
    a.other, b.other = b, a
    return _weakref.ref(a)


phases = []


def watch(phase, info):
    phases.append((phase, sorted(info), info['generation'], info['uncollectable']))


print(gc.callbacks, gc.garbage, gc.isenabled())
gc.collect()
gc.callbacks.append(watch)
dead = cycle()
found = gc.collect()
print(found >= 2, dead(), phases)
phases.clear()
gc.collect(0)
print(phases)


def nested(phase, info):
    phases.append(gc.collect())


phases.clear()
gc.callbacks[:] = [nested]
gc.collect()
print(phases)
gc.callbacks.clear()

gc.set_debug(gc.DEBUG_SAVEALL)
cycle()
gc.collect()
print(gc.get_debug(), sorted(type(o).__name__ for o in gc.garbage if isinstance(o, Node)))
gc.set_debug(0)
gc.garbage.clear()

kept = Node()
kept.me = kept
kept_ref = _weakref.ref(kept)
gc.freeze()
del kept
gc.collect()
print(gc.get_freeze_count() > 0, kept_ref() is not None)
gc.unfreeze()
gc.collect()
print(gc.get_freeze_count(), kept_ref())

gc.set_threshold(50, 5)
print(gc.get_threshold()[:2])
phases.clear()
gc.callbacks.append(watch)
keep = []
for i in range(120):
    keep.append([])
print(len(phases) > 0)
gc.set_threshold(0)
phases.clear()
for i in range(200):
    keep.append([])
print(phases, gc.isenabled(), gc.get_threshold()[0])
gc.callbacks.clear()

for wrong in (
    lambda: gc.set_threshold('a'),
    lambda: gc.set_threshold(),
    lambda: gc.set_threshold(1, 2, 3, 4),
    lambda: gc.set_debug('x'),
    lambda: gc.collect(5),
    lambda: gc.collect(-1),
    lambda: gc.get_objects(7),
):
    try:
        print(wrong())
    except Exception as e:
        print(type(e).__name__, e)


def read_ahead():
    """A cycle through an item that one branch of a tee has read and the other has not."""
    items = []
    first, second = itertools.tee(items)
    node = Node()
    node.second = second
    items.append(node)
    next(first)
    return _weakref.ref(node)


lost = read_ahead()
gc.collect()
print(lost())
first, second = itertools.tee(range(130))
print(sum(first), sum(second), list(first))
a, b, c = itertools.tee(iter('abc'), 3)
print(next(a), next(a), next(b), list(c), list(a), list(b))
