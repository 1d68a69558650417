"""The value of StopIteration through the iterators that hand on the end of an inner one."""
import itertools


def ends_with(value):
    return value
    yield


class Ends:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration("class", "ends")


def fails(*arguments):
    raise StopIteration("called with", arguments)


def end_of(name, iterator):
    try:
        print(name, next(iterator))
    except StopIteration as stop:
        print(name, stop.value, stop.args)
    except ValueError as error:
        print(name, error)


makers = {
    "map": lambda inner: map(str, inner),
    "zip": lambda inner: zip([1], inner),
    "zip strict": lambda inner: zip(inner, [1], strict=True),
    "filter": lambda inner: filter(None, inner),
    "enumerate": lambda inner: enumerate(inner),
    "islice": lambda inner: itertools.islice(inner, 3),
    "chain": lambda inner: itertools.chain(inner),
    "cycle": lambda inner: itertools.cycle(inner),
    "takewhile": lambda inner: itertools.takewhile(bool, inner),
    "dropwhile": lambda inner: itertools.dropwhile(bool, inner),
    "filterfalse": lambda inner: itertools.filterfalse(bool, inner),
    "starmap": lambda inner: itertools.starmap(max, inner),
    "accumulate": lambda inner: itertools.accumulate(inner),
    "compress data": lambda inner: itertools.compress(inner, [1]),
    "compress selectors": lambda inner: itertools.compress([1], inner),
    "zip_longest": lambda inner: itertools.zip_longest(inner),
    "groupby": lambda inner: itertools.groupby(inner),
    "pairwise": lambda inner: itertools.pairwise(inner),
    "batched": lambda inner: itertools.batched(inner, 2),
    "tee": lambda inner: itertools.tee(inner)[0],
    "two": lambda inner: map(str, enumerate(inner)),
}
for name, make in makers.items():
    end_of(name, make(ends_with(5)))
    end_of(name, make(ends_with(None)))
    end_of(name, make(Ends()))

end_of("map calls", map(fails, [1]))
end_of("filter calls", filter(fails, [1]))
end_of("takewhile calls", itertools.takewhile(fails, [1]))
end_of("accumulate calls", itertools.accumulate([1, 2], fails))
end_of("callable", iter(fails, None))


def delegate(inner):
    result = yield from inner
    print("delegated", result)


for name in ("map", "islice", "chain", "two"):
    for item in delegate(makers[name](ends_with("value"))):
        pass

# What swallowed a value leaves nothing behind.
print(list(map(str, ends_with(1))), sum(enumerate(ends_with(2)), 3))
end_of("after", iter([]))
end_of("outer", map(lambda v: list(map(str, ends_with(v))), [1]))

ended = []


class Told:
    def __init__(self, name):
        self.name = name

    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration

    def __call__(self, *arguments):
        return arguments

    def __del__(self):
        ended.append(self.name)


for make in (
    lambda: zip(Told("a"), Told("b"), Told("c")),
    lambda: map(Told("f"), Told("a"), Told("b")),
    lambda: filter(Told("f"), Told("a")),
    lambda: itertools.islice(Told("a"), 1),
    lambda: itertools.pairwise(Told("a")),
):
    iterator = make()
    print(list(iterator), ended)
    del iterator
    print(ended)
    ended.clear()

for arguments in ({"other": 1}, {"repeat": 1, "other": 2}, {"repeat": "2"}):
    try:
        itertools.product([1], **arguments)
    except TypeError as error:
        print(error)

left = iter(range(2**70, 2**70 + 5))
left.__setstate__(2)
print(next(left) - 2**70)
left.__setstate__(2**90)
print(list(left))
