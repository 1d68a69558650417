# trace: none
"""marshal: plain values to bytes and back, and what cannot be."""
import marshal

ALIKE = [
    None, True, False, ..., 0, -1, 2**31 - 1, -2**31, 2**31, 2**100, -10**40, 1.5, float('inf'), 2 - 3.5j, '', 'abc', 'é€\U0001f600',
    '\ud800', 'x' * 300, b'', b'bytes', (), (1, 2), tuple(range(300)), [], [1, [2, (3,)]], {}, {'a': 1, 2: [3]}, set(), {7},
    frozenset([5]), StopIteration,
]
for v in ALIKE:
    back = marshal.loads(marshal.dumps(v))
    print(type(back).__name__, back == v, back is v or type(back) is type(v), repr(back)[:60])
print(marshal.loads(marshal.dumps(bytearray(b'array'))), marshal.loads(memoryview(marshal.dumps([1]))), marshal.version)
print(marshal.dumps(1, 2), marshal.dumps(2**40, 2), marshal.dumps((1.5, None, True), 2), marshal.dumps(b'ab', 2))
for data in (b'i\x01\x00\x00\x00', b'\xe9\x07\x00\x00\x00', b'\xa9\x02z\x01ar\x00\x00\x00\x00'[:6], b'(\x00\x00\x00\x00rest',
             b'[\x02\x00\x00\x00\xda\x01ar\x00\x00\x00\x00', b'\xdb\x01\x00\x00\x00r\x00\x00\x00\x00'):
    try:
        print(marshal.loads(data))
    except Exception as e:
        print(type(e).__name__, e)


class Sub(list):
    pass


for wrong in (
    lambda: marshal.dumps(object()),
    lambda: marshal.dumps([1, Sub()]),
    lambda: marshal.loads(b''),
    lambda: marshal.loads(b'i\x01'),
    lambda: marshal.loads(b'?'),
    lambda: marshal.loads(b'0'),
    lambda: marshal.loads(b'r\x05\x00\x00\x00'),
    lambda: marshal.loads('text'),
):
    try:
        print(wrong())
    except Exception as e:
        print(type(e).__name__, e)
