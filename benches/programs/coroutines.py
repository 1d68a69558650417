"""Generators as coroutines: a scheduler that trampolines tasks, and a pipeline of consumers."""


def task(name, n, log):
    total = 0
    for i in range(n):
        total += yield i
        if i % 1000 == 0:
            log.append((name, total))
    return total


def parent(name, n, log):
    first = yield from task(name, n, log)
    second = yield from task(name + "'", n // 2, log)
    return first + second


def schedule(tasks):
    ready = [(t, None) for t in tasks]
    results = []
    while ready:
        after = []
        for t, value in ready:
            try:
                after.append((t, t.send(value) if value is not None else next(t)))
            except StopIteration as stop:
                results.append(stop.value)
        ready = after
    return results


def adder(target):
    total = 0
    while True:
        x = yield
        total += x
        target.send(total & 0xFFFF)


def keeper(kept):
    while True:
        kept[0] ^= yield


def main():
    log = []
    results = schedule([parent(f"t{i}", 1500, log) for i in range(60)])
    kept = [0]
    sink = keeper(kept)
    next(sink)
    stage = adder(sink)
    next(stage)
    for i in range(200_000):
        stage.send(i)
    return sum(results), len(log), kept[0]


if __name__ == "__main__":
    print(main())
