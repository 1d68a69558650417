"""Building text piece by piece: +=, join, %, format, slices, reversing, character tests."""


def caesar(text, by):
    result = ""
    for c in text:
        if "a" <= c <= "z":
            result += chr((ord(c) - 97 + by) % 26 + 97)
        elif c.isupper():
            result += chr((ord(c) - 65 + by) % 26 + 65)
        else:
            result += c
    return result


def table(n):
    lines = []
    for i in range(n):
        lines.append("%5d | %-8s | %6.2f" % (i, "x" * (i % 7), i / 3))
        lines.append("{:>6} {:<6} {!r}".format(i, i * 2, str(i)))
    return "\n".join(lines)


def palindromes(n):
    return [s for s in map(str, range(n)) if s == s[::-1]]


def main():
    text = "The Quick Brown Fox jumps over the lazy Dog, again and again. " * 600
    for by in (3, 10, 13):
        text = caesar(text, by)
    out = ""
    for i in range(30_000):
        out += str(i % 10)
    return text[:30], len(table(18_000)), len(palindromes(60_000)), out.count("7")


if __name__ == "__main__":
    print(main())
