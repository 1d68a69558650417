"""StopIteration out of a function that a built-in iterator calls ends the iteration, for every consumer."""
import itertools


def odd(x):
    if x == 3:
        raise StopIteration('x')
    return x


class Items:
    def __getitem__(self, i):
        return odd(i)


makers = {
    'map': lambda: map(odd, range(5)),
    'filter': lambda: filter(odd, range(5)),
    'takewhile': lambda: itertools.takewhile(lambda x: odd(x) or True, range(5)),
    'dropwhile': lambda: itertools.dropwhile(lambda x: not odd(x), [0, 3, 4]),
    'accumulate': lambda: itertools.accumulate(range(5), lambda a, b: odd(b)),
    'enumerate': lambda: enumerate(map(odd, range(5))),
    'zip': lambda: zip(map(odd, range(5)), range(9)),
    'sequence': lambda: iter(Items()),
    'chain': lambda: itertools.chain.from_iterable(map(lambda x: [odd(x)], range(5))),
}


def by_next(it):
    out = []
    while True:
        try:
            out.append(next(it))
        except StopIteration as e:
            out.append(e.args)
            return out


def by_method(it):
    out = []
    try:
        while True:
            out.append(it.__next__())
    except StopIteration as e:
        out.append(e.args)
    return out


def delegate(it):
    result = yield from it
    yield 'result', result


for name, make in makers.items():
    print(name, list(make()), [x for x in make()], tuple(make()), 99 in make())
    print(by_next(make()), by_method(make()), list(delegate(make())))
    it = make()
    print([next(it, 'default') for _ in range(6)])
