"""Special methods that are None, classes that cannot be instantiated, and other refusals of the object protocols."""


def attempt(function):
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)


class Base:
    def __add__(self, other): return "added"
    def __radd__(self, other): return "added"
    def __len__(self): return 1
    def __neg__(self): return "negated"
    def __call__(self): return "called"
    def __contains__(self, item): return True
    def __iter__(self): return iter((1,))
    def __next__(self): raise StopIteration
    def __getitem__(self, index): return index


class Blocked(Base):
    __iadd__ = __radd__ = __neg__ = __len__ = __call__ = __index__ = __contains__ = __iter__ = __next__ = None
    __reversed__ = __lt__ = __repr__ = None


def augmented():
    value = Blocked()
    value += 1
    return value


blocked = Blocked()
for function in (
    augmented, lambda: [1] + blocked, lambda: 1 + blocked, lambda: blocked + 1, lambda: -blocked, lambda: len(blocked),
    lambda: blocked(), lambda: [1][blocked], lambda: 1 in blocked, lambda: iter(blocked), lambda: next(blocked),
    lambda: reversed(blocked), lambda: blocked < 1, lambda: repr(blocked),
    lambda: type(iter([]))(), lambda: type(iter(range(1)))(1, 2, 3), lambda: type({}.keys())(), lambda: type(len)(),
    lambda: type("X", (), {"__classcell__": 5}),
):
    attempt(function)


class Entry:
    def __init__(self, *items):
        self.items = items

    def __iter__(self):
        print("iterated", self.items)
        return iter(self.items)


print(dict([Entry(1, 2), Entry(3, 4)]))
attempt(lambda: dict([Entry(1)]))


class Evil:
    def __getattr__(self, name):
        return "found " + name

    def __getattribute__(self, name):
        del Evil.__getattr__
        raise AttributeError(name)


print(Evil().x)

data = [3, 1, 2]


class Killer:
    def __init__(self, value):
        self.value = value

    def __del__(self):
        data[:] = range(4)

    def __lt__(self, other):
        return self.value < other.value


attempt(lambda: data.sort(key=Killer))
