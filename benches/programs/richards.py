"""Object code: a scheduler of tasks with queues, priorities and dispatch through methods."""


class Packet:
    def __init__(self, link, ident, kind):
        self.link = link
        self.ident = ident
        self.kind = kind
        self.datum = 0
        self.data = [0] * 4

    def append_to(self, lst):
        self.link = None
        if lst is None:
            return self
        p = lst
        while p.link is not None:
            p = p.link
        p.link = self
        return lst


class Task:
    def __init__(self, ident, priority, queue, scheduler):
        self.ident = ident
        self.priority = priority
        self.queue = queue
        self.scheduler = scheduler
        self.held = False
        self.waiting = queue is None

    def add_packet(self, packet, old):
        if self.queue is None:
            self.queue = packet
            self.waiting = False
            if self.priority > old.priority:
                return self
        else:
            self.queue = packet.append_to(self.queue)
        return old

    def step(self):
        packet = None
        if self.queue is not None and not self.waiting:
            packet = self.queue
            self.queue = packet.link
            packet.link = None
        return self.run(packet)

    def wait(self):
        self.waiting = self.queue is None
        return None

    def run(self, packet):
        raise NotImplementedError


class Idle(Task):
    def __init__(self, ident, scheduler, count):
        super().__init__(ident, 0, None, scheduler)
        self.waiting = False
        self.control = 1
        self.count = count

    def run(self, packet):
        self.count -= 1
        if self.count == 0:
            self.held = True
            return None
        if self.control & 1 == 0:
            self.control //= 2
            return self.scheduler.release(1)
        self.control = self.control // 2 ^ 0xD008
        return self.scheduler.release(2)


class Device(Task):
    def __init__(self, ident, priority, scheduler):
        super().__init__(ident, priority, None, scheduler)
        self.pending = None

    def run(self, packet):
        if packet is None:
            if self.pending is None:
                return self.wait()
            packet, self.pending = self.pending, None
            return self.scheduler.send(packet, 3)
        self.pending = packet
        self.scheduler.holds += 1
        self.held = True
        return None


class Worker(Task):
    def __init__(self, ident, priority, queue, scheduler):
        super().__init__(ident, priority, queue, scheduler)
        self.at = 0
        self.to = 1

    def run(self, packet):
        if packet is None:
            return self.wait()
        self.to = 3 - self.to
        packet.datum = 0
        for i in range(4):
            self.at = self.at % 26 + 1
            packet.data[i] = 64 + self.at
            packet.datum += packet.data[i]
        return self.scheduler.send(packet, self.to)


class Scheduler:
    def __init__(self):
        self.tasks = []
        self.holds = 0
        self.sent = 0

    def release(self, ident):
        task = self.tasks[ident]
        task.held = False
        return task

    def send(self, packet, ident):
        self.sent += 1
        task = self.tasks[ident]
        return task.add_packet(packet, self.tasks[0])

    def loop(self):
        while True:
            best = None
            for task in self.tasks:
                if not task.held and not (task.waiting and task.queue is None):
                    if best is None or task.priority > best.priority:
                        best = task
            if best is None:
                return
            best.waiting = False
            best.step()


def main():
    s = Scheduler()
    queue = Packet(Packet(None, 1, 0), 2, 0)
    s.tasks = [Idle(0, s, 40_000), Device(1, 4000, s), Device(2, 5000, s), Worker(3, 1000, queue, s)]
    s.loop()
    return s.holds, s.sent


if __name__ == "__main__":
    print(main())
