"""binascii: hexadecimal, base 64, checksums."""
import binascii as b


def t(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__module__, type(e).__name__, ascii(str(e)), type(e).__mro__[1:2])


data = bytes(range(0, 256, 5))
for part in (b"", b"a", b"ab", b"abc", b"abcd", data):
    text = b.b2a_base64(part)
    print(text, b.b2a_base64(part, newline=False), b.a2b_base64(text) == part)
    print(b.hexlify(part), b.unhexlify(b.hexlify(part)) == part, b.crc32(part), b.crc_hqx(part, 0))
print(b.crc32(b"def", b.crc32(b"abc")) == b.crc32(b"abcdef"), b.crc32(b"abc", -1), b.crc32(b"abc", 2**40), b.crc_hqx(b"abc", 2**33 + 5))
print(b.hexlify(b"abcdef", ":"), b.hexlify(b"abcdef", b"-", 2), b.b2a_hex(b"abcdef", sep="_", bytes_per_sep=-4))
print(b.hexlify(bytearray(b"xy")), b.b2a_base64(memoryview(b"xy")), b.unhexlify("0aFf"), b.a2b_base64("YQ=="), b.a2b_hex(b""))
texts = (b"YQ", b"YQ=", b"YQ==", b"YQ===", b"=YQ==", b"YWI=", b"YW I=\n", b"Y", b"YWJjZ", b"Y=Q==", b"YQ==YQ==", b"YWJj====", b"YWJj=", b"Y!Q==", b"====", b"YWJjYQ=a=")
for text in texts:
    t(lambda: b.a2b_base64(text))
    t(lambda: b.a2b_base64(text, strict_mode=True))
for text in (b"0", b"0g", "x\xe9", "0G", 5, None, [1]):
    t(lambda: b.unhexlify(text))
    t(lambda: b.a2b_base64(text))
t(lambda: b.hexlify("abc"))
t(lambda: b.hexlify(b"abc", "::"))
t(lambda: b.crc32("abc"))
t(lambda: b.crc32(b"abc", "x"))
t(lambda: b.b2a_base64("a"))
print(issubclass(b.Error, ValueError), b.Incomplete.__bases__)
