"""A pipeline of asynchronous generators over a simulated network, with retries, limits and error groups."""


class Wait:
    def __init__(self, what):
        self.what = what

    def __await__(self):
        reply = yield self.what
        if isinstance(reply, Exception):
            raise reply
        return reply


class Server:
    """Answers requests; fails every fourth one that asks for a page, and those for bad names always."""

    def __init__(self):
        self.requests = 0
        self.log = []

    def answer(self, request):
        self.requests += 1
        match request:
            case ("get", str(name)) if name.startswith("bad"):
                return LookupError(name)
            case ("get", str()) if self.requests % 4 == 0:
                return TimeoutError(self.requests)
            case ("get", str(name)):
                return {"name": name, "links": [name + c for c in "ab"] if len(name) < 2 else []}
            case ("log", *parts):
                self.log.append(tuple(parts))
            case _:
                return TypeError(request)


def serve(coroutine, server):
    reply = None
    while True:
        try:
            request = coroutine.send(reply)
        except StopIteration as stop:
            return stop.value
        reply = server.answer(request)


class Connection:
    open = 0

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<{self.name}>"

    async def __aenter__(self):
        Connection.open += 1
        await Wait(("log", "open", self.name))
        return self

    async def __aexit__(self, kind, error, traceback):
        Connection.open -= 1
        await Wait(("log", "close", self.name, kind and kind.__name__))

    async def get(self, name):
        return await Wait(("get", name))


async def fetch(name, attempts=3):
    errors = []
    for attempt in range(attempts):
        try:
            async with Connection(f"{name}#{attempt}") as connection:
                return await connection.get(name)
        except TimeoutError as e:
            e.add_note(f"attempt {attempt}")
            errors.append(e)
        except LookupError as e:
            errors.append(e)
            break
    raise ExceptionGroup(f"cannot fetch {name}", errors)


async def crawl(*start):
    seen, queue, failures = set(), list(start), []
    try:
        while queue:
            name = queue.pop(0)
            if name in seen:
                continue
            seen.add(name)
            try:
                page = await fetch(name)
            except* TimeoutError as group:
                failures.append(group)
            except* LookupError as group:
                failures.append(group)
            else:
                queue.extend(page["links"])
                yield page
    finally:
        await Wait(("log", "crawled", len(seen)))
    if failures:
        raise ExceptionGroup("some pages are missing", failures)


async def names(pages):
    try:
        async for page in pages:
            yield page["name"]
    finally:
        await pages.aclose()


async def numbered(items, start=1):
    n = start
    async for item in items:
        yield n, item
        n += 1


async def take(items, limit):
    async for n, item in numbered(items):
        yield item
        if n == limit:
            await items.aclose()
            return


async def batches(items, size):
    batch = []
    async for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def describe(e, depth=0):
    pad = "  " * depth
    match e:
        case BaseExceptionGroup(message=m, exceptions=inner):
            print(f"{pad}{m} ({len(inner)})")
            for x in inner:
                describe(x, depth + 1)
        case _:
            print(f"{pad}{e!r} {getattr(e, '__notes__', [])}")


async def main():
    print([batch async for batch in batches(names(crawl("x")), 3)])
    print([name async for name in take(names(crawl("y", "z")), 4)])
    try:
        async for name in names(crawl("bad", "q", "badder")):
            print("page", name)
    except* LookupError as group:
        describe(group)
    counts = {n: len(page["links"]) async for n, page in numbered(crawl("k"), 10)}
    print(counts)
    controlled = crawl("c")
    print((await anext(controlled))["name"], (await controlled.asend(None))["name"])
    try:
        await controlled.athrow(KeyError("enough"))
    except KeyError as e:
        print("thrown", e)
    print(await anext(controlled, "ended"), Connection.open)
    return await fetch("last")


server = Server()
print(serve(main(), server))
print(server.requests, len(server.log))
for entry in server.log[-12:]:
    print(*entry)
try:
    serve(Wait(("nonsense",)).__await__(), server)
except TypeError as e:
    print(e)
