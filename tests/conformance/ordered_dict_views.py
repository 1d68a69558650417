"""The views and iterators of an OrderedDict have classes of their own; so have those of code objects."""

from _collections import OrderedDict

ordered = OrderedDict(a=1, b=2, c=3)
for view in (ordered.keys(), ordered.values(), ordered.items()):
    print(view, type(view).__name__, type(view).__base__.__name__, len(view), list(view), list(reversed(view)))
    print(type(iter(view)).__name__, type(reversed(view)).__name__, view.mapping)
print(ordered.keys() & {"a"}, sorted(ordered.keys() | ["z"]), sorted(ordered.items() - [("a", 1)]), ("b", 2) in ordered.items())
print(ordered.keys() == {"a": 0, "b": 0, "c": 0}.keys(), ordered.keys().isdisjoint("xyz"), 3 in ordered.values())
try:
    hash(ordered.keys())
except TypeError as error:
    print(error)
iterator = iter(ordered.items())
next(iterator)
ordered["d"] = 4
try:
    next(iterator)
except RuntimeError as error:
    print(error)
for key, value in ordered.items():
    print(key, value)
for method in ("keys", "values", "items", "clear", "get"):
    print(getattr(OrderedDict, method).__qualname__)
ordered.clear()
print(ordered, list(ordered.items()))


def two():
    a = 1
    return a


print(type(two.__code__.co_lines()).__name__, type(two.__code__.co_positions()).__name__)
positions = two.__code__.co_positions()
print(iter(positions) is positions, len(next(positions)))
