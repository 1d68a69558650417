# trace: none
"""Corners of the containers: integers in bytes, exported bytearrays, dicts changed while they are iterated, deep reprs."""


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n


def show(f):
    try:
        print(f.__name__, repr(f()))
    except Exception as e:
        print(f.__name__, type(e).__name__, e)


tests = []


def test(f):
    tests.append(f)
    return f


@test
def index_in_bytes():
    return Index(97) in b'abc', Index(97) in b'', Index(97) in bytearray(b'abc')


@test
def large_index_in_bytes():
    return Index(300) in b'abc'


@test
def float_in_bytes():
    return 1.5 in b''


@test
def extend_by_itself():
    b = bytearray(b'abc')
    b.extend(b)
    return b


@test
def extend_exported():
    b = bytearray(b'abc')
    m = memoryview(b)
    b.extend(b)
    return b, m


@test
def add_itself():
    b = bytearray(b'abc')
    b += b
    return b


@test
def add_view_of_itself():
    b = bytearray(b'abc')
    b += memoryview(b)
    return b


@test
def add_nothing_to_exported():
    b = bytearray(b'abc')
    m = memoryview(b)
    b += b''
    return b, bytes(m)


def renew(n, iterate, shift=0):
    d = {i: i for i in range(n)}
    seen = []
    for k in iterate(d):
        seen.append(k)
        if len(seen) > 20:
            break
        del d[k]
        d[k + shift] = 1
    return seen


@test
def renew_three():
    return renew(3, iter)


@test
def renew_one():
    return renew(1, iter)


@test
def renew_five_keys():
    return renew(5, lambda d: d.keys())


@test
def renew_reversed():
    return renew(5, reversed)


@test
def other_keys():
    return renew(4, iter, 10)


@test
def stack_and_queue():
    d = {}
    for i in range(50):
        d[i] = i
        if i % 3 == 2:
            d.popitem()
        if i % 5 == 4:
            del d[next(iter(d))]
    return d, d.popitem(), list(reversed(d))


def nested(wrap):
    v = None
    for _ in range(20000):
        v = wrap(v)
    return v


@test
def deep_list():
    return repr(nested(lambda v: [v]))


@test
def deep_tuple():
    return str(nested(lambda v: (v,)))


@test
def deep_dict():
    return '%s' % nested(lambda v: {1: v})


class OwnNew(set):
    def __new__(cls, *args, **keywords):
        return super().__new__(cls)


class OwnInit(set):
    def __init__(self, *args, **keywords):
        super().__init__(*args)


class FrozenNew(frozenset):
    def __new__(cls, *args, **keywords):
        return super().__new__(cls, *args)


@test
def set_keywords_own_new():
    return OwnNew([1], x=1)


@test
def set_keywords_own_init():
    return OwnInit([1], x=1)


@test
def frozenset_keywords_own_new():
    return FrozenNew([1], x=1)


for f in tests:
    show(f)
