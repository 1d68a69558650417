"""Comparisons, hashes and indices of a program that change the container which is being worked on."""

from _collections import deque


def say(name, action):
    try:
        print(name, repr(action()))
    except Exception as e:
        print(name, type(e).__name__, e)


class Key:
    """All have the same hash; what happens when two are compared is for each case to say."""

    def __init__(self, value, compared=None):
        self.value = value
        self.compared = compared

    def __hash__(self):
        return 1

    def __eq__(self, other):
        if self.compared:
            self.compared()
        return isinstance(other, Key) and self.value == other.value


class Index:
    def __init__(self, n, asked):
        self.n = n
        self.asked = asked

    def __index__(self):
        self.asked()
        return self.n


def dict_that_grows():
    d = {}
    for i in range(3):
        d[Key(i, lambda: d.setdefault(100 + len(d)))] = i
    return sorted(d.values(), key=str)


def set_that_grows():
    s = set()
    for i in range(3):
        s.add(Key(i, lambda: s.add(100 + len(s))))
    return len([k for k in s if isinstance(k, Key)])


def dict_that_is_emptied():
    d = {}
    d[Key(1)] = 1
    return d.pop(Key(1, d.clear), "none"), d


def equal_dicts():
    a, b = {}, {}
    for i in range(3):
        a[i], b[i] = Key(1, a.clear), Key(1, b.clear)
    return a == b


def list_index():
    items = []
    items += [Key(i, items.clear) for i in range(3)]
    return items.index(5)


def list_remove():
    items = []
    items += [Key(5, items.clear), 1, 2]
    return items.remove(Key(5)), items


def lists_compared():
    a, b = [], []
    a += [Key(1, a.clear), 2]
    b += [Key(1), 2]
    return a == b, a < b


def list_item():
    items = [1, 2, 3]
    return items[Index(1, items.clear)]


def list_slice():
    items = [1, 2, 3]
    items[Index(1, items.clear) :] = [4]
    return items


def list_sort():
    items = [3, 2, 1]
    items.sort(key=lambda n: items.append(n))
    return items


def bytearray_item():
    data = bytearray(b"abc")
    data[Index(1, data.clear)] = 5
    return data


def released_view():
    view = memoryview(bytearray(b"abc"))
    return view[Index(1, view.release)]


def deque_remove():
    d = deque()
    d.extend([Key(1, d.clear), 2])
    return d.remove(2)


def deque_index():
    d = deque()
    d.extend([Key(1, d.clear), 2])
    return d.index(2)


def deques_compared():
    a = deque()
    a.extend([Key(1, a.clear), 2])
    return a == deque([Key(1), 2])


def deque_item():
    d = deque([1, 2, 3])
    return d[Index(1, d.clear)]


for case in (
    dict_that_grows,
    set_that_grows,
    dict_that_is_emptied,
    equal_dicts,
    list_index,
    list_remove,
    lists_compared,
    list_item,
    list_slice,
    list_sort,
    bytearray_item,
    released_view,
    deque_remove,
    deque_index,
    deques_compared,
    deque_item,
):
    say(case.__name__, case)
