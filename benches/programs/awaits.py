"""async/await on a small event loop of its own: tasks, queues, asynchronous iterators and context managers."""


class Switch:
    def __await__(self):
        yield


class Queue:
    def __init__(self):
        self.items = []

    async def put(self, item):
        while len(self.items) >= 4:
            await Switch()
        self.items.append(item)

    async def get(self):
        while not self.items:
            await Switch()
        return self.items.pop(0)


class Section:
    entered = 0

    async def __aenter__(self):
        Section.entered += 1
        return self

    async def __aexit__(self, kind, error, traceback):
        return False


async def numbers(n):
    for i in range(n):
        yield i
        if i % 8 == 0:
            await Switch()


async def produce(queue, n):
    async for i in numbers(n):
        async with Section():
            await queue.put(i)
    await queue.put(None)


async def consume(queue, sums):
    total = 0
    while (item := await queue.get()) is not None:
        total = (total + item * item) % 1_000_003
    sums.append(total)


def run(tasks):
    steps = 0
    while tasks:
        waiting = []
        for task in tasks:
            try:
                task.send(None)
            except StopIteration:
                continue
            steps += 1
            waiting.append(task)
        tasks = waiting
    return steps


def main():
    sums = []
    tasks = []
    for n in range(110):
        queue = Queue()
        tasks += [produce(queue, 300 + n), consume(queue, sums)]
    return run(tasks), Section.entered, sum(sums)


if __name__ == "__main__":
    print(main())
