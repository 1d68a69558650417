"""Multiple inheritance: cooperative super() in every kind of method."""


class Root:
    def __init__(self, **kwargs):
        assert not kwargs, kwargs
        self.steps = ["Root"]

    def run(self, n):
        return [n]

    @classmethod
    def make(cls, *args, **kwargs):
        return cls(*args, **kwargs)

    @staticmethod
    def helper(x):
        return x * 2

    @property
    def label(self):
        return "root"

    def __str__(self):
        return "Root()"


class A(Root):
    def __init__(self, a=1, **kwargs):
        super().__init__(**kwargs)
        self.steps.append(f"A{a}")

    def run(self, n):
        return super().run(n + 1) + ["a"]

    @property
    def label(self):
        return super().label + "/a"


class B(Root):
    def __init__(self, b=2, **kwargs):
        super().__init__(**kwargs)
        self.steps.append(f"B{b}")

    def run(self, n):
        inherited = super().run
        return inherited(n * 2) + ["b"]

    @classmethod
    def make(cls, *args, **kwargs):
        made = super().make(*args, **kwargs)
        made.steps.append("made by B")
        return made

    @property
    def label(self):
        return super().label + "/b"


class C(A, B):
    def __init__(self, *, c=3, **kwargs):
        super().__init__(
            **kwargs
        )
        self.steps.append(f"C{c}")

    def run(self, n):
        parent = super()
        return parent.run(n) + [super(A, self).run(n), super(C, self).helper(n)]

    def __str__(self):
        return f"C({super().__str__()})"

    def missing(self):
        return super().nothing()

    def in_comprehension(self):
        return [super(C, self).run(i) for i in range(1)]


c = C.make(a=5, b=6, c=7)
print(c.steps, c.run(1), c.label, str(c), f"{c}")
print([k.__name__ for k in C.__mro__], A.make(9).steps, B.make().steps)
print(c.in_comprehension(), C.helper(2), c.helper(3))
try:
    c.missing()
except AttributeError as error:
    print(error)
try:
    C(z=1)
except AssertionError as error:
    print("left over", error)
try:
    C(1)
except TypeError as error:
    print(error)


class Loud(Exception):
    def __init__(self, *args):
        super().__init__(*args)

    def __str__(self):
        return super().__str__().upper()


class Items(list):
    def append(self, item):
        super().append(item)
        return self

    def __getitem__(self, index):
        return "item", super().__getitem__(index)


class Defaults(dict):
    def __missing__(self, key):
        self[key] = value = len(self)
        return value


try:
    raise Loud("quiet")
except Loud as error:
    print(error)
items = Items([1]).append(2).append(3)
print(items, items[0], len(items), [x for x in items])
table = Defaults()
print(table["x"], table["y"], table["x"], table, table.get("z"))
try:
    super().nothing
except RuntimeError as error:
    print(error)
