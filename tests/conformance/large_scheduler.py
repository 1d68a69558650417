"""An event scheduler: tasks are generators, with sleeping, messages and failures."""


class Cancelled(Exception):
    pass


class Sleep:
    def __init__(self, time):
        self.time = time


class Receive:
    pass


class Task:
    numbers = iter(range(1, 100))

    def __init__(self, name, generator):
        self.name = name
        self.generator = generator
        self.number = next(Task.numbers)
        self.inbox = []
        self.result = None
        self.waiting = False

    def __lt__(self, other):
        return self.number < other.number


class Scheduler:
    def __init__(self):
        self.now = 0
        self.queue = []
        self.tasks = {}

    def spawn(self, name, generator):
        task = self.tasks[name] = Task(name, generator)
        self.at(self.now, task)
        return task

    def at(self, time, task, value=None):
        self.queue.append((time, task, value))
        self.queue.sort(key=lambda entry: (entry[0], entry[1].number))

    def send(self, name, message):
        task = self.tasks[name]
        task.inbox.append(message)
        if task.waiting:
            task.waiting = False
            self.at(self.now, task, task.inbox.pop(0))

    def cancel(self, name):
        task = self.tasks[name]
        self.queue = [entry for entry in self.queue if entry[1] is not task]
        try:
            task.generator.throw(Cancelled(name))
        except (StopIteration, Cancelled) as outcome:
            print(self.now, name, "cancelled:", type(outcome).__name__)

    def run(self):
        while self.queue:
            self.now, task, value = self.queue.pop(0)
            try:
                request = task.generator.send(value)
            except StopIteration as stop:
                task.result = stop.value
                print(self.now, task.name, "ends", stop.value)
            except Exception as error:
                print(self.now, task.name, "fails", repr(error))
            else:
                if isinstance(request, Sleep):
                    self.at(self.now + request.time, task)
                elif isinstance(request, Receive):
                    if task.inbox:
                        self.at(self.now, task, task.inbox.pop(0))
                    else:
                        task.waiting = True
                else:
                    self.at(self.now, task, request)


scheduler = Scheduler()


def pause(n):
    for _ in range(n):
        yield Sleep(1)
    return n


def ticker(name, count):
    total = 0
    for i in range(count):
        total += yield from pause(i)
        print(scheduler.now, name, "tick", total)
    return total


def consumer():
    received = []
    try:
        while (message := (yield Receive())) != "stop":
            received.append(message)
    finally:
        print("consumer cleans up", received)
    return len(received)


def producer(messages):
    for message in messages:
        scheduler.send("consumer", message)
        yield Sleep(2)
    echoed = yield "echo"
    scheduler.send("consumer", "stop" if echoed == "echo" else None)


def failing():
    yield Sleep(1)
    raise RuntimeError("task failed")


def endless():
    try:
        while True:
            yield Sleep(10)
    except Cancelled:
        return


def killer():
    yield Sleep(3)
    scheduler.cancel("endless")
    scheduler.cancel("waiting")


def waiting():
    yield Receive()


for name, generator in (
    ("tick", ticker("tick", 3)),
    ("consumer", consumer()),
    ("producer", producer(["a", "b"])),
    ("failing", failing()),
    ("endless", endless()),
    ("waiting", waiting()),
    ("killer", killer()),
):
    scheduler.spawn(name, generator)
scheduler.run()
print(scheduler.now, {name: task.result for name, task in scheduler.tasks.items()})
