"""str, method by method, with the errors of wrong arguments."""
s = "Hello, World"
print(s.lower(), s.upper(), s.swapcase(), s.title(), s.capitalize(), s.casefold(), "ẞß".casefold(), "ǆ".title(), "ﬁ".upper())
print(s.find("o"), s.rfind("o"), s.find("z"), s.index("W"), s.count("l"), s.count(""), s.find("o", 5), s.find("o", -4, -1), "".find(""))
print(s.split(), s.split(","), s.split("l", 1), s.rsplit("l", 1), "a  b ".split(), "a  b ".split(" "), "a\nb\r\nc\x0bd".splitlines(), "a\n".splitlines(True))
print(s.partition(", "), s.rpartition("z"), s.replace("l", "L"), s.replace("l", "L", 1), "aaa".replace("", "-"), s.startswith(("x", "He")), s.endswith("ld", 3), s.removeprefix("He"), s.removesuffix("ld"))
print("  x ".strip(), "xxyxx".strip("x"), "xxy".lstrip("x"), "yxx".rstrip("x"), "a".center(4), "a".center(5, "*"), "a".ljust(3, "."), "a".rjust(3), "-5".zfill(5), "+".zfill(3), "a\tb".expandtabs(4))
print("-".join(["a", "b"]), "".join([]), "abc".translate({97: "A", 98: None}), str.maketrans("ab", "xy", "c"), "cab".translate(str.maketrans("ab", "xy", "c")))
for t in ("abc", "ABC", "Abc Def", "123", "½", "²", "a1", "", " ", "a b", "_x", "1x", "é", "\n", "中"):
    print(ascii(t), t.isalpha(), t.isdigit(), t.isdecimal(), t.isnumeric(), t.isalnum(), t.islower(), t.isupper(), t.istitle(), t.isspace(), t.isidentifier(), t.isprintable(), t.isascii())
print("{} {0!r}".format.__name__, "{0} {1} {0}".format("a", "b"), "{x[0]} {y.real}".format(x=[1], y=2), "{:>5}|{:<5}|{:^5}".format(1, 2, 3), "{:{}}".format(5, 4), "{{}}".format())
print("a" + "b", "ab" * 2, "b" in "abc", "abc"[1], "abc"[-1], "abc"[::-1], "abc" < "abd", "a" == "a", "abc"[5:], len("é中"), "é".encode(), "é".encode("latin-1"), str(b"x", "utf8"))
print(repr("a'b"), repr('a"b'), repr("a'\"b"), repr("\t\n\\\x00\x7f\xa0\u2028\U0001f600\ud800"), ascii("é中😀"), str(None), str(1.5))


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


for f in (
    lambda: "a" + 1, lambda: 1 + "a", lambda: "a" * "b", lambda: "a"[5], lambda: "a".join([1]), lambda: "a".join(1), lambda: "a".find(1),
    lambda: "a".index("z"), lambda: "a".split(""), lambda: "a".split(1), lambda: "a".replace("a"), lambda: "a".center("x"), lambda: "a".center(5, "xx"), lambda: "a".startswith(1),
    lambda: "a".startswith((1,)), lambda: "a".partition(""), lambda: "a".zfill(), lambda: 1 in "a", lambda: "a".nothing, lambda: "a".encode("nope"), lambda: "é".encode("ascii"),
    lambda: "{".format(), lambda: "}".format(), lambda: "{}".format(), lambda: "{a}".format(), lambda: "{0} {}".format(1), lambda: "{:d}".format("x"), lambda: "{!z}".format(1),
    lambda: "{0.x}".format(1), lambda: "{0[a]}".format([1]), lambda: "a" < 1, lambda: "a" % 1, lambda: "%d" % "x", lambda: "%s %s" % 1, lambda: "%(a)s" % 1, lambda: "%z" % 1,
    lambda: str(b"x", 1), lambda: str("x", "utf8"), lambda: str(1, 2, 3, 4), lambda: str.maketrans("a", "bc"), lambda: str.maketrans(1), lambda: "a".expandtabs("x"), lambda: ord("ab"), lambda: chr(-1),
    lambda: "a".strip(1), lambda: "a".splitlines(1, 2), lambda: "a".upper(1), lambda: "abc".count(), lambda: str.upper(1), lambda: str.join("a", ["b", 2]),
):
    attempt(f)
