"""sys.set_asyncgen_hooks: first iteration and the end of an unfinished generator."""

import sys

print(sys.get_asyncgen_hooks())


def first(g):
    print("first", g.__name__)


def last(g):
    print("last", g.__name__)
    try:
        g.aclose().send(None)
    except StopIteration:
        print("closed")


async def numbers():
    try:
        yield 1
        yield 2
    finally:
        print("finally")


def step(awaitable):
    try:
        awaitable.send(None)
    except StopIteration as e:
        return e.value
    except StopAsyncIteration:
        return "end"


sys.set_asyncgen_hooks(first, last)
hooks = sys.get_asyncgen_hooks()
print(hooks.firstiter is first, hooks[1] is last)
g = numbers()
print(step(g.__anext__()))
print(step(g.__anext__()))
print(step(g.__anext__()))
g = None
g = numbers()
print(step(g.__anext__()))
g = None
print("after")
g = numbers()
g = None
sys.set_asyncgen_hooks(firstiter=None)
print(sys.get_asyncgen_hooks().firstiter)
g = numbers()
step(g.asend(None))
step(g.aclose())
del g
sys.set_asyncgen_hooks(None, None)
for bad in ((1,), (None, 2)):
    try:
        sys.set_asyncgen_hooks(*bad)
    except TypeError as e:
        print(e)
sys.set_coroutine_origin_tracking_depth(2)
print(sys.get_coroutine_origin_tracking_depth())


async def f():
    pass


def make():
    return f()


c = make()
print([(line, name) for file, line, name in c.cr_origin])
c.close()
sys.set_coroutine_origin_tracking_depth(0)
