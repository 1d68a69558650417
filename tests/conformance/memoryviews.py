"""memoryview: slices, casts, writing, release."""
data = bytearray(b"abcdefgh")
m = memoryview(data)
print(m[0], m[-1], bytes(m[2:5]), m[::2].tolist(), m[::-1].tobytes(), len(m), m.nbytes, m.format, m.itemsize, m.ndim, m.shape, m.strides)
m[0] = 65
m[1:3] = b"XY"
m[::4] = b"12"
print(data, m == data, m == b"1XYd2fgh", m != b"", m.readonly, memoryview(b"a").readonly, m.obj is data)
w = m.cast("H")
print(w.format, w.itemsize, len(w), w.tolist() == [w[i] for i in range(4)], w.nbytes)
w[0] = 0x4141
print(data)
i = m.cast("i")
i[1] = -2
print(data[4:], i[1])
g = m.cast("B", [2, 4])
print(g.tolist(), g[1, 2], g.shape, g.strides, g.ndim, g.c_contiguous, m[::2].contiguous)
print(memoryview(b"abcd").cast("c").tolist(), memoryview(b"\0\1").cast("?").tolist(), memoryview(bytes(8)).cast("d")[0])
print(m.hex(), m.hex(":")[:8], m.tolist()[:2], 65 in m, hash(memoryview(b"ab")) == hash(b"ab"), sorted(memoryview(b"cab")))
print(b"".join([memoryview(b"a"), b"b"]), b"x" + memoryview(b"y"), int(memoryview(b"12")), bytes(memoryview(b"z")))
n = m[2:6]
m.release()
print(len(n), n.tobytes() == bytes(data[2:6]))
for view in (n, w, i, g):
    view.release()
data.append(1)
print(len(data))
with memoryview(b"ctx") as v:
    print(v.tobytes())


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


b = memoryview(b"abc")
x = memoryview(bytearray(b"abcd"))
attempt(lambda: v[0])
attempt(lambda: len(v))
attempt(lambda: b[5])
attempt(lambda: b["a"])
attempt(lambda: b.__setitem__(0, 1))
attempt(lambda: x.__setitem__(0, 256))
attempt(lambda: x.__setitem__(0, "a"))
attempt(lambda: x.__setitem__(9, 1))
attempt(lambda: x.__setitem__(slice(0, 2), b"x"))
attempt(lambda: x.__delitem__(0))
attempt(lambda: b.cast("H"))
attempt(lambda: b.cast("zz"))
attempt(lambda: x.cast("B", [3]))
attempt(lambda: x.cast("I").cast("h"))
attempt(lambda: hash(x))
attempt(lambda: memoryview("a"))
attempt(lambda: memoryview())
attempt(lambda: b < b)
attempt(lambda: b + b"a")
attempt(lambda: x.cast("B", [2, 2])[0])
attempt(lambda: type("M", (memoryview,), {}))

# Backward slices of nothing, and steps past every item.
for empty in (memoryview(b""), b[:0], b[3:], b[1:1]):
    turned = empty[::-1]
    print(turned.tobytes(), turned.tolist(), turned == b"", len(turned), bytes(turned[::-2]), turned.hex())
x[2:2][::-1][:] = b""
print(x.tobytes(), memoryview(bytes(16)).cast("q")[::2**62].tolist())
