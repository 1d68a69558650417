"""bytes and bytearray: a sieve, a checksum, run-length coding, searching and slicing."""


def sieve(n):
    flags = bytearray([1]) * (n + 1)
    flags[0] = flags[1] = 0
    for i in range(2, int(n**0.5) + 1):
        if flags[i]:
            flags[i * i :: i] = bytes(len(range(i * i, n + 1, i)))
    return sum(flags)


def adler(data):
    a, b = 1, 0
    for byte in data:
        a = (a + byte) % 65521
        b = (b + a) % 65521
    return b << 16 | a


def pack(data):
    out = bytearray()
    i = 0
    while i < len(data):
        j = i
        while j < len(data) and data[j] == data[i] and j - i < 255:
            j += 1
        out.append(j - i)
        out.append(data[i])
        i = j
    return bytes(out)


def unpack(data):
    return b"".join(data[i + 1 : i + 2] * data[i] for i in range(0, len(data), 2))


def main():
    data = b"".join(bytes([i * i % 251]) * (i % 5 + 1) for i in range(40_000))
    packed = pack(data)
    assert unpack(packed) == data
    words = data.replace(b"\x00", b" ").split(b" ")
    return sieve(800_000), adler(data), len(packed), len(words), data.find(b"\x10\x10\x10"), packed[:8].hex()


if __name__ == "__main__":
    print(main())
