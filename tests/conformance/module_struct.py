"""`_struct`: values as bytes by formats, and back."""
import _struct as struct


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return type(e).__name__, str(e)


for order in ("@", "=", "<", ">", "!", ""):
    print(order, struct.pack(order + "bBhHiIqQ", -1, 255, -2, 65534, -3, 3, -4, 4), struct.calcsize(order + "ci2xh"))
    print(struct.pack(order + "efd?c3s4p", 1.5, -2.25, 1e10, [], b"c", b"text", b"text"))
    data = struct.pack(order + "hq?5s3pe", -5, 1 << 40, True, b"ab", b"xyz", 0.1)
    print(struct.unpack(order + "hq?5s3pe", data), len(data))
for f, values in (("b", (128,)), ("B", (-1,)), ("<h", (40000,)), (">I", (-1,)), ("q", (1 << 63,)), ("i", (1.5,)), ("f", ("x",)),
                  ("<f", (1e300,)), ("e", (65520.0,)), ("c", (b"ab",)), ("s", ("x",)), ("p", (3,)), ("2i", (1,)), ("i", (1, 2))):
    print(f, attempt(struct.pack, f, *values))
for f in ("3", "i3", "Z", "<n", ">P", "3 i", "9" * 30 + "s", "9223372036854775807i", "i\0", b"<i", " <i", None):
    print(repr(f), attempt(struct.calcsize, f))
print([struct.calcsize(f) for f in ("", "0i", "c0i", "=c0i", "10s", "0p", "hq", "xh", "nNP", " i\th ")])

s = struct.Struct("<hi")
print(s, s.size, s.format, s.pack(1, 2), s.unpack(b"\1\0\2\0\0\0"))
b = bytearray(8)
print(s.pack_into(b, 1, -1, 7), b, s.pack_into(memoryview(b), -7, 3, 4), b, s.unpack_from(b, 1), s.unpack_from(buffer=b, offset=-6))
for args in ((), (b,), (b, 0, 1), (b, 4, 1, 2), (b, -3, 1, 2), (b, -100, 1, 2), (b"12345678", 0, 1, 2), (b, "x", 1, 2)):
    print(attempt(s.pack_into, *args))
for args in ((b, 5), (b, -3), (b, -100), (b, 100), (5,)):
    print(attempt(s.unpack_from, *args))
print(attempt(s.unpack, b), attempt(s.unpack, "x"), attempt(s.iter_unpack, b), attempt(struct.iter_unpack, "", b""))
it = s.iter_unpack(bytes(range(12)))
print(it.__length_hint__(), next(it), it.__length_hint__(), list(it), it.__length_hint__(), type(it).__name__)


class Number:
    def __index__(self):
        return 7

    def __float__(self):
        return 0.5


print(struct.pack("<if", Number(), Number()), attempt(struct.pack), attempt(struct.pack_into, "i"), attempt(struct.unpack, "i"))
print(struct.error.__mro__[:2], struct.error.__module__, struct.pack("@f", 1e300), struct.pack("<e", 65519.0), struct.unpack("<e", b"\1\0"))


class Named(struct.Struct):
    def __init__(self, format, name):
        super().__init__(format)
        self.name = name


n = Named("h", "short")
print(n.name, n.pack(5) == struct.pack("h", 5), n)
