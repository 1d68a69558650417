"""_string: format strings taken apart."""
from _string import formatter_field_name_split, formatter_parser


def attempt(f, text):
    try:
        print(repr(text), f(text))
    except (TypeError, ValueError) as e:
        print(repr(text), type(e).__name__, e)


def parse(text):
    return list(formatter_parser(text))


def split(text):
    first, rest = formatter_field_name_split(text)
    return first, list(rest)


for text in ("", "plain", "{}", "a{b}c", "{{}}", "{a!r:>{w}}", "{0.x[y]}", "{a:}", "{{{a}}}", "{", "}", "{a", "{a!", "{a!r",
             "{a!rx}", "{a:{b}", "{a{b}}", "x}y"):
    attempt(parse, text)
for text in ("a", "0", "a.b", "a[0]", "a[b].c", "0.x[1][y]", "", ".a", "a.", "a[", "a[]", "a[0]x", "007"):
    attempt(split, text)
attempt(formatter_parser, 1)
