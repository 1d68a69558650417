"""Which of several objects dies first when what holds them goes."""


class Named:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


def several(name, count=3):
    return [Named(f"{name}{number}") for number in range(count)]


print("list")
x = several("a")
del x
print("cleared list")
x = several("b")
x.clear()
print("slices")
x = several("c")
del x[:]
x = several("d")
x[:] = []
x = several("e", 4)
del x[::2]
del x
x = several("f", 4)
x[::2] = [1, 2]
del x
print("repeated no times")
x = several("g")
x *= 0
print("tuple")
x = tuple(several("h"))
del x
print("nested")
x = [Named("i0"), [Named("i1"), Named("i2")], (Named("i3"), Named("i4"))]
del x
print("dict")
x = {number: Named(f"j{number}") for number in range(3)}
del x
x = {number: Named(f"k{number}") for number in range(3)}
x.clear()
print("attributes")


class Holder:
    pass


x = Holder()
x.first = Named("l0")
x.second = Named("l1")
del x
print("locals")


def function():
    first = Named("m0")
    second = Named("m1")
    both = several("m")


function()
print("arguments")


def take(*args, **keywords):
    pass


take(*several("n"))
take(Named("o0"), Named("o1"), first=Named("o2"), second=Named("o3"))
print("generator")


def generate():
    first = Named("p0")
    second = Named("p1")
    yield


x = generate()
next(x)
del x

