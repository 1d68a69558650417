"""Text wrapping and justification, a table printer, and run-length coding."""


def words(text):
    for paragraph in text.split("\n"):
        yield from paragraph.split()
        yield None


def wrap(text, width):
    line, length = [], 0
    for word in words(text):
        if word is None:
            if line:
                yield line, True
            line, length = [], 0
            continue
        while len(word) > width:
            if line:
                yield line, False
                line, length = [], 0
            yield [word[:width - 1] + "-"], False
            word = word[width - 1:]
        if length + len(line) + len(word) > width:
            yield line, False
            line, length = [], 0
        line.append(word)
        length += len(word)


def justify(line, width, last):
    if last or len(line) == 1:
        return " ".join(line).ljust(width)
    gaps = len(line) - 1
    spaces = width - sum(map(len, line))
    each, extra = divmod(spaces, gaps)
    out = []
    for i, word in enumerate(line):
        out.append(word)
        if i < gaps:
            out.append(" " * (each + (1 if i < extra else 0)))
    return "".join(out)


def table(rows, *, align="<", header=None):
    rows = [[str(cell) for cell in row] for row in rows]
    if header:
        rows.insert(0, list(header))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    aligns = (align * len(widths))[:len(widths)]
    for number, row in enumerate(rows):
        yield " | ".join(
            f"{cell:{a}{w}}"
            for cell, a, w in zip(row, aligns, widths)
        )
        if number == 0 and header:
            yield "-+-".join("-" * w for w in widths)


def encode(text):
    run = None
    for ch in text:
        if run and run[0] == ch:
            run[1] += 1
        else:
            if run:
                yield tuple(run)
            run = [ch, 1]
    if run:
        yield tuple(run)


text = "The quick brown fox jumps over incomprehensibilities.\nÜber größere Zäune 𝄞 too."
for line, last in wrap(text, 16):
    print(f"[{justify(line, 16, last)}]")
for line in table([("a", 1.5), ("bcd", 22)], align="<>", header=("name", "n")):
    print(line)
try:
    list(table([(1, 2), (3,)]))
except ValueError as error:
    print(error)
print(list(encode("aaabccd")), list(encode("")))
print("".join(c * n for c, n in encode("zzyx")))
