"""Data and non-data descriptors, and the order in which attributes are found."""

log = []


class Data:
    def __get__(self, obj, owner=None):
        return ("data", obj is None, owner.__name__)

    def __set__(self, obj, value):
        log.append(("set", value))

    def __delete__(self, obj):
        log.append("delete")


class NonData:
    def __get__(self, obj, owner=None):
        return ("nondata", obj is None)


class SetOnly:
    def __set__(self, obj, value):
        obj.__dict__["setonly"] = ("stored", value)


class DeleteOnly:
    def __delete__(self, obj):
        log.append("deleteonly")


class C:
    data = Data()
    nondata = NonData()
    setonly = SetOnly()
    deleteonly = DeleteOnly()
    plain = "class"


c = C()
c.__dict__.update(data="inst", nondata="inst", plain="inst")
print(c.data, c.nondata, c.plain, C.data, C.nondata)
c.data = 5
del c.data
print(log)
print(type(c.setonly).__name__)
c.setonly = 3
print(c.setonly)
try:
    del c.setonly
except AttributeError as e:
    print(e)
try:
    c.deleteonly = 1
except AttributeError as e:
    print(e)
del c.deleteonly
print(log[-1])


class Meta(type):
    meta_data = Data()
    meta_plain = "meta"

    def both(cls):
        return "meta both"


class D(metaclass=Meta):
    meta_data = "class"
    meta_plain = "class"


print(D.meta_data, D.meta_plain, D.both())
try:
    D().both
except AttributeError as e:
    print(e)


class Get:
    def __getattribute__(self, name):
        if name == "fail":
            raise AttributeError("no " + name)
        if name == "bad":
            raise ValueError("bad")
        return "got " + name

    def __getattr__(self, name):
        return "fallback " + name


g = Get()
print(g.x, g.fail, g.__dict__)
try:
    g.bad
except ValueError as e:
    print(e)


class Recorder:
    def __setattr__(self, name, value):
        log.append((name, value))
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        log.append(("del", name))
        super().__delattr__(name)

    def __dir__(self):
        return ["b", "a"]


r = Recorder()
r.x = 1
del r.x
print(log[-2:], dir(r))
try:
    del r.x
except AttributeError as e:
    print(e)


class Mapped(dict):
    __setattr__ = dict.__setitem__
    __getattr__ = dict.__getitem__


m = Mapped()
m.key = 1
print(m, m.key)
