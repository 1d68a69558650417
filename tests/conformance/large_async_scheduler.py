"""A scheduler for coroutines: tasks, sleeping, futures, queues, cancellation, groups; no library."""


class Cancelled(BaseException):
    pass


class Future:
    def __init__(self):
        self.done = False
        self.value = None
        self.error = None
        self.waiting = []

    def finish(self, value=None, error=None):
        self.done, self.value, self.error = True, value, error
        for task in self.waiting:
            task.loop.ready.append(task)
        self.waiting.clear()

    def __await__(self):
        if not self.done:
            yield self
        if self.error is not None:
            raise self.error
        return self.value


class Sleep:
    def __init__(self, ticks):
        self.ticks = ticks

    def __await__(self):
        yield self


class Task(Future):
    def __init__(self, loop, coroutine, name):
        super().__init__()
        self.loop = loop
        self.coroutine = coroutine
        self.name = name
        self.cancelling = False

    def cancel(self):
        if not self.done:
            self.cancelling = True
            self.loop.ready.append(self)

    def step(self):
        if self.done:
            return
        try:
            if self.cancelling:
                self.cancelling = False
                wanted = self.coroutine.throw(Cancelled())
            else:
                wanted = self.coroutine.send(None)
        except StopIteration as stop:
            self.finish(stop.value)
        except Cancelled as e:
            self.finish(error=e)
        except Exception as e:
            self.finish(error=e)
        else:
            match wanted:
                case Sleep(ticks=n):
                    self.loop.sleeping.append((self.loop.now + n, self.loop.count(), self))
                    self.loop.sleeping.sort(key=lambda entry: entry[:2])
                case Future():
                    wanted.waiting.append(self)
                case other:
                    raise TypeError(f"cannot wait for {other!r}")


class Loop:
    def __init__(self):
        self.ready = []
        self.sleeping = []
        self.now = 0
        self.counter = 0
        self.log = []

    def count(self):
        self.counter += 1
        return self.counter

    def spawn(self, coroutine, name="task"):
        task = Task(self, coroutine, name)
        self.ready.append(task)
        return task

    def run(self, coroutine):
        main = self.spawn(coroutine, "main")
        while not main.done:
            if self.ready:
                self.ready.pop(0).step()
            elif self.sleeping:
                self.now, _, task = self.sleeping.pop(0)
                self.ready.append(task)
            else:
                raise RuntimeError("deadlock")
        if main.error:
            raise main.error
        return main.value

    def say(self, *what):
        self.log.append((self.now, *what))


class Queue:
    def __init__(self, size):
        self.items = []
        self.size = size
        self.getters = []
        self.putters = []

    async def put(self, item):
        while len(self.items) >= self.size:
            future = Future()
            self.putters.append(future)
            await future
        self.items.append(item)
        if self.getters:
            self.getters.pop(0).finish()

    async def get(self):
        while not self.items:
            future = Future()
            self.getters.append(future)
            await future
        if self.putters:
            self.putters.pop(0).finish()
        return self.items.pop(0)

    def __aiter__(self):
        return self

    async def __anext__(self):
        item = await self.get()
        if item is None:
            raise StopAsyncIteration
        return item


class Group:
    def __init__(self, loop):
        self.loop = loop
        self.tasks = []

    def __repr__(self):
        return f"<group of {len(self.tasks)}>"

    async def __aenter__(self):
        return self

    def start(self, coroutine, name):
        self.tasks.append(self.loop.spawn(coroutine, name))

    async def __aexit__(self, kind, error, traceback):
        errors = [error] if isinstance(error, Exception) else []
        for task in self.tasks:
            if errors:
                task.cancel()
            try:
                await task
            except Cancelled:
                self.loop.say(task.name, "cancelled")
            except Exception as e:
                errors.append(e)
        if errors:
            raise ExceptionGroup("tasks failed", errors) from None


loop = Loop()


async def producer(queue, n):
    for i in range(n):
        await queue.put(i)
        loop.say("put", i)
        await Sleep(1)
    await queue.put(None)


async def consumer(queue):
    total = 0
    async for item in queue:
        loop.say("got", item)
        total += item
        await Sleep(2)
    return total


async def worker(name, ticks, error=None):
    try:
        await Sleep(ticks)
        if error:
            raise error
        return name
    finally:
        loop.say(name, "leaves")


async def ticker(n):
    for i in range(n):
        await Sleep(3)
        yield i, loop.now


async def main():
    queue = Queue(2)
    loop.spawn(producer(queue, 4), "producer")
    total = await loop.spawn(consumer(queue), "consumer")
    print("total", total, "at", loop.now)
    print([x async for x in ticker(3) if x[0] != 1])
    try:
        async with Group(loop) as group:
            group.start(worker("quick", 1), "quick")
            group.start(worker("bad", 2, ValueError("bad")), "bad")
            group.start(worker("slow", 9), "slow")
            group.start(worker("worse", 2, KeyError("worse")), "worse")
    except* ValueError as e:
        print("values", e.exceptions)
    except* KeyError as e:
        print("keys", e.exceptions)
    slow = loop.spawn(worker("cancel me", 50), "cancel me")
    await Sleep(1)
    slow.cancel()
    try:
        await slow
    except Cancelled:
        print("cancelled at", loop.now)
    future = Future()
    waiters = [loop.spawn(wait_for(future, n)) for n in range(3)]
    await Sleep(1)
    future.finish("go")
    return [await w for w in waiters]


async def wait_for(future, n):
    return await future, n


print(loop.run(main()))
for entry in loop.log:
    print(*entry)
try:
    Loop().run(wait_for(Future(), 0))
except RuntimeError as e:
    print(e)
