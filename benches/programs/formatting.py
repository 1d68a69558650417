"""Text from values: f-strings with specifications, %, str.format, repr of containers, padding."""


def main():
    total = 0
    rows = []
    for i in range(15_000):
        x = i / 7
        rows.append(f"{i:>8}|{x:10.3f}|{i:#x}|{i:,}|{x:e}")
        rows.append("%-10s %05d %.4g" % (f"n{i}", i, x))
        rows.append("{0:<6}{1:^9}{name!r}".format(i, x.__trunc__(), name="a" * (i % 3)))
    for row in rows:
        total = (total * 31 + len(row)) % 1_000_003
    nested = {"list": [1, 2.5, "three", None], "tuple": (True, b"x", {"y": {1, }}), "text": "it's"}
    lengths = sum(len(repr(nested)) + len(str(nested)) for _ in range(4_000))
    padded = "".join(str(i).zfill(6).ljust(8, ".").center(10) for i in range(20_000))
    return total, lengths, len(padded), rows[-1], padded[:20]


if __name__ == "__main__":
    print(main())
