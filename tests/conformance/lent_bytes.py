"""Objects of Python classes that lend bytes: `__buffer__` and `__release_buffer__`."""


class Lender:
    def __init__(self, data):
        self.data = bytearray(data)
        self.lent = 0

    def __buffer__(self, flags):
        print("lent, writable" if flags & 1 else "lent")
        self.lent += 1
        self.view = memoryview(self.data)
        return self.view

    def __release_buffer__(self, view):
        print("returned", view is self.view)
        self.lent -= 1


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


print("-- borrowers")
lender = Lender(b"abc")
with memoryview(lender) as view:
    print(view.tobytes(), lender.lent)
    with view[1:] as part:
        print(bytes(part), lender.lent)
print(lender.lent)
view = memoryview(lender)
part = view[:1]
view.release()
print(lender.lent)
del part
print(lender.lent)
print(bytes(lender), bytearray(lender))
print(b"-" + lender, bytearray(b"-") + lender, b"xabcx".find(lender), lender in [lender], b"abc" in bytearray(b"xabc"))
print(b",".join([lender, b"z"]), b"aabca".replace(lender, b"-"), b"%b" % lender)
print(int(Lender(b"12")), float(Lender(b"1.5")))
array = bytearray(b"0123456789")
array[2:4] = lender
array.extend(lender)
array += lender
print(array, lender.lent)
with memoryview(array):
    attempt(lambda: array.extend(lender))
print(lender.lent)
print(UnicodeDecodeError("ascii", lender, 0, 1, "odd").object)
attempt(lambda: UnicodeDecodeError("ascii", 5, "x", 1, "odd"))

print("-- what is no lender")


class Odd:
    def __buffer__(self, flags):
        return b"no view"


class Fails:
    def __buffer__(self, flags):
        raise KeyError("not now")


class TakesNothing:
    def __buffer__(self):
        return memoryview(b"")


for kind in (Odd, Fails, TakesNothing):
    attempt(lambda: memoryview(kind()))
    attempt(lambda: bytes(kind()))

print("-- lenders that are bytearrays")


class Counted(bytearray):
    def __buffer__(self, flags):
        print("own view asked for")
        return super().__buffer__(flags)

    def __release_buffer__(self, view):
        print("own view back", view.tobytes())
        for f in (lambda: memoryview(view), lambda: view.cast("b"), lambda: view.toreadonly(), lambda: view[:1]):
            attempt(f)
        super().__release_buffer__(view)


counted = Counted(b"hello")
with memoryview(counted) as view:
    view[0] = 72
    attempt(counted.clear)
counted.clear()
print(counted)


class Other(bytearray):
    def __buffer__(self, flags):
        return memoryview(b"something else")

    def __release_buffer__(self, view):
        attempt(lambda: super(Other, self).__release_buffer__(view))


with memoryview(Other(b"hello")) as view:
    print(view.tobytes(), view.readonly)


class Saves(bytearray):
    def __release_buffer__(self, view):
        self.saved = view


saves = Saves(b"kept")
with memoryview(saves) as view:
    pass
attempt(lambda: saves.saved.tobytes())

print("-- by name")
array = bytearray(b"xyz")
view = array.__buffer__(0)
array.__release_buffer__(view)
attempt(lambda: array.__release_buffer__(view))
attempt(lambda: array.__release_buffer__(memoryview(b"xyz")))
attempt(lambda: array.__release_buffer__(b"xyz"))
attempt(lambda: array.__buffer__(1 << 40))
attempt(lambda: b"xyz".__buffer__(1))
attempt(lambda: bytes(memoryview._from_flags(b"xyz", 0)))
attempt(lambda: memoryview._from_flags(b"xyz", flags=1))
