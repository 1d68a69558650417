"""str and bytes: methods, Unicode, errors."""

s = "Héllo Wörld 𝄞"


def attempt(action):
    try:
        return action()
    except (ValueError, TypeError, LookupError) as error:
        return f"{type(error).__name__}: {error}"


print(len(s), s.upper(), s.lower(), s.title(), s.swapcase(), s.casefold())
print(s[12], s[-1], ord(s[-1]), chr(119070), s.encode(), ascii(s), repr("a'b\"\n\t\x00é"))
print(s.find("W"), s.find("z"), s.rfind("l"), s.index("o"), s.count("l"), s.startswith(("x", "H")))
print("a,b,,c".split(","), "a,b,c".rsplit(",", 1), " x  y ".split(), "a\nb\r\nc".splitlines())
print("-".join("abc"), "x".center(5, "*"), "7".zfill(3), "-7".zfill(4), "a".ljust(3) + "|", "a".rjust(3))
print("  x ".strip() + "|", "xxaxx".strip("x"), "xxa".lstrip("x"), "axx".rstrip("x"))
print("a-b-c".partition("-"), "a-b-c".rpartition("-"), "abc".partition("z"))
print("abc".replace("b", "BB"), "aaa".replace("a", "b", 2), "tEst".capitalize(), "a\tb".expandtabs(4))
print("12".isdigit(), "ab".isalpha(), "a1".isalnum(), " ".isspace(), "Ab".isupper(), "x_1".isidentifier())
print("abc".translate({97: "A", 98: None}), str.maketrans("ab", "xy"), "abc" < "abd", "ß".upper())
print("prefix-x".removeprefix("prefix-"), "x.py".removesuffix(".py"), "é" == "e\u0301", "a" * 3)
b = b"bytes \xff\x00"
print(b, b[0], b[1:3], b.hex(), bytes([65, 66]), bytes(2), bytes.fromhex("4142"), b"a" + b"b")
print(b"abc".find(b"c"), b"a b".split(), b"abc".upper(), b"x" in b"xyz", 120 in b"xyz", list(b"ab"))
print("é".encode("latin-1"), b"\xc3\xa9".decode("utf-8"), b"\xff".decode("latin-1"))
print(attempt(lambda: b"\xff".decode()), attempt(lambda: "é".encode("ascii")))
print(attempt(lambda: "abc".index("z")), attempt(lambda: "a" + 1), attempt(lambda: ord("ab")))
print(attempt(lambda: chr(-1)), attempt(lambda: "".join([1])), attempt(lambda: "a" * "b"))
print(b"\xff".decode("utf-8", "replace"), "é".encode("ascii", "ignore"), attempt(lambda: b"a"[5]))
for ch in "aé𝄞":
    print(ch, ch.encode("utf-8"), f"{ord(ch):x}")
print("{0}{1!r}{x:>3}".format(1, "a", x=2), "%-4s|%+d|%x" % ("a", 5, 255), attempt(lambda: "%d" % "x"))
print(str(None), str(True), str(b"x", "ascii"), attempt(lambda: "{}".format()), attempt(lambda: int("é")))
