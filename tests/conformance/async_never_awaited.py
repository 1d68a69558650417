"""RuntimeWarning of coroutines and awaitables that are dropped."""


async def f():
    pass


async def g():
    yield 1


def drops():
    f()


drops()
for i in range(3):
    f()
a = g()
a.asend(None)
a.aclose()
a.athrow(ValueError)
c = f()
c.close()
print("end")
