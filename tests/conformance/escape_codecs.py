"""`unicode_escape` and `raw_unicode_escape`."""

TEXTS = ["plain", "a\tb\n\r\0\x1b\x7f", "back\\slash \\u0041", "é\x80\xff", "€\uffff", "\U0001f600", "\ud800", "'\"", ""]

for text in TEXTS:
    for name in ("unicode_escape", "raw_unicode_escape", "Unicode-Escape"):
        data = text.encode(name)
        print(ascii(text), name, data, ascii(data.decode(name)))

DATA = [
    rb"\x41\u0042\U00000043\103\1\18",
    rb"\N{DIGIT ONE}\N{LATIN SMALL LETTER E WITH ACUTE}",
    b"a\\\nb",
    rb"\a\b\f\n\r\t\v\\\'" + b'\\"',
    b"\xe9\xff",
    rb"\\u0041\\\u0041",
]
BAD = [
    b"a\\",
    rb"a\x4",
    rb"a\x4g b",
    rb"\u123",
    rb"\u12g4",
    rb"\U0011ffff",
    rb"\U0010fff",
    rb"\N",
    rb"\Nx",
    rb"\N{}",
    rb"\N{NO SUCH NAME}x",
    rb"\N{DIGIT",
]
for data in DATA + BAD:
    for name in ("unicode_escape", "raw_unicode_escape"):
        for errors in ("strict", "replace", "ignore", "backslashreplace"):
            try:
                print(data, name, errors, ascii(data.decode(name, errors)))
            except UnicodeDecodeError as e:
                print(data, name, e.encoding, e.start, e.end, e.reason)
