"""__slots__: layout, inheritance, conflicts, weak references and dicts."""


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


p = Point(1, 2)
print(p.x, p.y, Point.__slots__, hasattr(p, "__dict__"), Point.x)
try:
    p.z = 3
except AttributeError as e:
    print(e)
del p.x
try:
    p.x
except AttributeError as e:
    print(e)
try:
    del p.x
except AttributeError as e:
    print(e)


class Point3(Point):
    __slots__ = "z"


q = Point3(1, 2)
q.z = 3
print(q.x, q.z, Point3.__slots__, hasattr(q, "__dict__"))


class Open(Point):
    pass


o = Open(1, 2)
o.other = 5
print(o.__dict__, o.x)


class WithDict:
    __slots__ = ("a", "__dict__")


w = WithDict()
w.a = 1
w.b = 2
print(w.__dict__, w.a)


class Private:
    __slots__ = ("__hidden",)

    def __init__(self):
        self.__hidden = 7

    def get(self):
        return self.__hidden


print(Private().get(), [n for n in Private.__dict__ if "hidden" in n])


def attempt(text):
    try:
        exec(text, globals())
        print("ok", text.replace("\n", "; "))
    except Exception as e:
        print(type(e).__name__, e)


attempt("class T:\n __slots__ = ('a',)\n a = 1")
attempt("class T:\n __slots__ = (1,)")
attempt("class T:\n __slots__ = ('1a',)")
attempt("class T:\n __slots__ = ('__dict__', '__dict__')")
attempt("class T(Open):\n __slots__ = ('__dict__',)")
attempt("class T(int):\n __slots__ = ('a',)")
attempt("class T(tuple):\n __slots__ = ()")
attempt("class T(Point, WithDict): pass")
attempt("class T(list):\n __slots__ = ('tag',)")
attempt("class T:\n __slots__ = {'a': 'doc of a'}")
attempt("class T:\n __slots__ = ('__weakref__', '__weakref__')")
t = Point(5, 6)
print(Point.x.__get__(t), Point.x.__name__, Point.x.__objclass__ is Point, type(Point.x).__name__)
Point.x.__set__(t, 9)
print(t.x)
try:
    Point.x.__get__(w)
except TypeError as e:
    print(e)
