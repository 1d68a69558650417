"""Built-in classes and functions called with wrong arguments: the words of the TypeErrors."""


class MyList(list):
    pass


class MySet(set):
    pass


class MyTuple(tuple):
    pass


class Tagged(list):
    def __init__(self, items, tag=None):
        super().__init__(items)
        self.tag = tag


class Pair(tuple):
    def __new__(cls, a, b=None):
        return super().__new__(cls, (a, b))


def attempt(function, *args, **keywords):
    try:
        print("ok", function(*args, **keywords))
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)


for cls in int, float, str, list, set, frozenset, tuple, bool, staticmethod, classmethod, MyList, MySet, MyTuple:
    attempt(cls, 1, 2, 3, 4)
for cls in float, list, set, frozenset, tuple, bool, staticmethod, classmethod, enumerate, MyList, MySet, MyTuple:
    attempt(cls, x=1)
attempt(Tagged, "ab", tag=1)
attempt(Pair, 1, b=2)
attempt(enumerate)
attempt(enumerate, [], key=1)
attempt(sorted)
attempt(sorted, [], [])
attempt(sorted, 1, wrong=2)
attempt(sorted, [], wrong=2)
attempt("abc".find, None)
attempt("abc".count, 5)
attempt("abc".encode, None)
attempt(b"abc".decode, None)
