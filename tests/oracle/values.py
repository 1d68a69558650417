"""Writes tests/golden/values.txt: expressions and what CPython makes of them.

Run with CPython 3.13: `python tests/oracle/values.py > tests/golden/values.txt`.
"""

import itertools

NUMBERS = ["0", "1", "-1", "7", "-7", "255", "2**62", "-2**62", "2**62-1", "10**25", "-10**25", "3**80"]
SMALL = ["0", "1", "-1", "3", "-7", "2**70"]
FLOATS = ["0.0", "-0.0", "1.5", "-2.5", "1e16", "1e-5", "1e300", "-1e-300", "123456.789", "0.1", "float('inf')", "float('nan')"]

SPECS = ["", "d", "5", "<5", "^7", "=+7", "05", "+", " ", ",", "_", "012,", "x", "#x", "#010x", "_b", "#_X", "o", "n", "e",
         ".3e", "f", ".0f", "#.0f", "10.2f", "020,.2f", "g", ".3g", "#.3g", "G", "%", ".1%", ".3", "z.1f", "+.2e", "_.1f", "E",
         "F", "*>9", "*^9.1f", "0<6", "c", "s", ".2d", "q", "+c", ",x", ",_", ".", "abc", "08,.1e", "=8", "zd", "#g", ".17g", "r"]
STR_SPECS = ["", "s", "5", ">5", "^6", "*^7", "05", ".1", "6.2", "<4.1s", "=5", "+", " ", "#", "z", ",", "d", "xyz", "é>6", "1.0"]
PERCENTS = ["%d", "%5d|", "%-5d|", "%05d", "%+d", "% d", "%.3d", "%x", "%#x", "%#X", "%o", "%#o", "%i", "%u", "%e", "%.2f", "%10.3f|", "%-10.1e|",
            "%+.1f", "%g", "%#g", "%G", "%c", "%s", "%5s|", "%-5s|", "%.1s", "%r", "%a", "%%", "%d %d", "%y", "%", "%05.1f", "%.0f", "%F"]

out = []
add = out.append

for a, b in itertools.product(NUMBERS, SMALL):
    for op in ["+", "-", "*", "//", "%", "/", "&", "|", "^"]:
        add(f"({a}) {op} ({b})")
for a, b in itertools.product(["0", "5", "-5", "2**70", "-2**70"], ["0", "1", "3", "64", "100", "-1"]):
    add(f"({a}) << ({b})")
    add(f"({a}) >> ({b})")
for a, b in itertools.product(["0", "2", "-3", "10", "0.0", "2.5", "-2.0"], ["0", "3", "-2", "40", "0.5", "-1.0", "400.0"]):
    if not (a.startswith("-") and b == "0.5"):
        add(f"({a}) ** ({b})")
for a, b in itertools.product(FLOATS, ["0.0", "1", "-3", "0.1", "2.5", "-1e300", "float('inf')"]):
    for op in ["+", "*", "/", "//", "%"]:
        add(f"({a}) {op} ({b})")
    add(f"divmod({a}, {b})")
for args in ["2, 10, 1000", "3, -1, 7", "2, -1, 4", "2, 3, 0", "-2, 3, -5", "2, 3, 1", "7, 2**70, 13", "2, 3, 1.0", "'a', 2, 3"]:
    add(f"pow({args})")
for a in NUMBERS[:8]:
    for op in "-+~":
        add(f"{op}({a})")
    for m in ["bit_length()", "bit_count()", "__float__()", "as_integer_ratio()", "conjugate()", "is_integer()", "__abs__()", "real", "imag",
              "numerator", "denominator", "__hash__()", "__repr__()", "__bool__()", "__sizeof__()"]:
        add(f"({a}).{m}")
for a in ["1/3", "7**200/3**100", "10**400/10**399", "10**400/3", "1/10**400", "(2**53+1)/1", "(2**54+2)/1", "(2**60+1)/(2**7)", "float(2**53+1)",
          "float(10**400)", "(10**400).__float__()", "1e308*10", "int(1e300)", "int(-1.9)", "int(float('inf'))", "int(float('nan'))"]:
    add(a)
for a in ["1 + 'a'", "'a' + 1", "b'a' + 'a'", "'a' + b'a'", "[1] + (1,)", "(1,) + [1]", "'a' * 'b'", "'a' * 1.5", "[1] * 'a'", "1 - 'a'", "-'a'", "~1.5",
          "+[]", "'a' - 'b'", "1.5 & 1", "1 @ 2", "'abc' ** 2", "divmod('a', 1)", "divmod(1, 0)", "True + True", "True & False", "True & 3", "True | False",
          "True ^ True", "~True", "-True", "None + 1", "'ab' * 3", "3 * 'ab'", "'ab' * -1", "b'ab' * 2", "(1, 2) * 2", "[1] * 3", "'€' * 3", "'a' + 'é' + '€' + '😀'",
          "'x' * 10**12", "b'x' * 10**13", "'x' * 2**64", "[0] * 10**12", "(0,) * 10**12", "1 << 10**13", "'a'.ljust(10**13)", "bytes(10**13)",
          "1 << -1", "1 << 2**64", "0 << 2**64", "1 >> 2**64", "-1 >> 2**64", "True / True", "1 == 1.0", "'a' < 'b'", "'a' < '€'", "b'a' < b'b'", "'b' in 'abc'", "'' in ''",
          "98 in b'abc'", "b'bc' in b'abc'", "2**70 == 2.0**70", "2**53 + 1 == float(2**53)", "1 < 1.5", "10**30 > 1e29"]:
    add(a)
for a in ["'12'", "' -12\\n'", "'1_000'", "'1__0'", "'_1'", "''", "'abc'", "'١٢'", "b'12'", "b'a'", "1.9", "True", "'0x10'", "[]", "None", "'9' * 4300", "'9' * 4301", "'1 2'", "'+5'", "'--5'"]:
    add(f"int({a})")
    add(f"float({a})")
for a in ["'ff', 16", "'0xff', 16", "'0xff', 0", "'0b101', 0", "'012', 0", "'0', 0", "'z', 36", "'2', 2", "'1', 37", "'1', 1", "1, 10", "'0o17', 8", "b'7f', 16", "'0x_f', 0", "'-0x1f', 16", "'0x', 16"]:
    add(f"int({a})")
for a in ["'1.5'", "' 1e5 '", "'1_0.5'", "'1_.5'", "'.5'", "'5.'", "'.'", "'inf'", "'-Infinity'", "'NaN'", "'1e400'", "'1e-400'", "'0x1p3'", "'١.٥'", "b'2.5'", "''", "'1e'", "'in f'", "5", "2**1100", "'1\\n'"]:
    add(f"float({a})")
for a in ["10**4299", "10**4300", "-10**4300"]:
    add(f"len(repr({a}))")
for a in ["0.5", "1.5", "2.5", "-0.5", "2.675, 2", "1234.5, -2", "1250.0, -2", "15.0, -1", "5.0, -1", "1e300, -300", "1.5, 400", "1.5, -400", "0.1, 20", "1234, -2", "1250, -2", "1350, -2", "-1250, -2", "5, -1", "15, -1", "7, 3", "12, -5", "1e22, 0", "float('inf')", "float('nan')", "float('inf'), 2", "1.7e308, -308", "7"]:
    add(f"round({a})")
for x in FLOATS + ["5e-324", "1.7976931348623157e308", "1e22", "123456789012345678.0", "9999999999999998.0"]:
    for m in ["hex()", "is_integer()", "as_integer_ratio()", "__trunc__()", "__floor__()", "__ceil__()", "__repr__()", "__hash__()", "__abs__()"]:
        if "nan" in x and m == "__hash__()":
            continue
        add(f"({x}).{m}")
for x in ["'0x1.8p1'", "'1'", "'-0x.1'", "'0x1p1024'", "'0x1p-1075'", "'0x1.8p-1075'", "'inf'", "'nan'", "'x'", "'0x'", "'0x1p'", "' 0x1p3 '", "'0x1.fffffffffffff8p0'", "'0x1.fffffffffffff7p0'"]:
    add(f"float.fromhex({x})")
for x in ["(1).to_bytes()", "(258).to_bytes(2)", "(258).to_bytes(2, 'little')", "(256).to_bytes(1)", "(-1).to_bytes(1)", "(-1).to_bytes(2, signed=True)", "(128).to_bytes(1, signed=True)",
          "(-128).to_bytes(1, signed=True)", "(-129).to_bytes(1, signed=True)", "(0).to_bytes(0)", "(1).to_bytes(-1)", "(1).to_bytes(1, 'mid')", "(2**70).to_bytes(10, 'big')", "(-2**70).to_bytes(10, 'little', signed=True)",
          "int.from_bytes(b'\\x01\\x02')", "int.from_bytes(b'\\x01\\x02', 'little')", "int.from_bytes(b'\\xff', signed=True)", "int.from_bytes(b'')", "int.from_bytes([1, 2])", "int.from_bytes('a')", "int.from_bytes(b'\\xff' * 10, 'little', signed=True)"]:
    add(x)
for v, s in itertools.product(["0", "42", "-42", "1234567", "2**70", "True"], SPECS):
    add(f"format({v}, {s!r})")
for v, s in itertools.product(["0.0", "-0.0", "3.14159", "-1234567.891", "1e20", "1.5e-7", "float('inf')", "float('nan')", "100.0"], SPECS):
    add(f"format({v}, {s!r})")
for v, s in itertools.product(["''", "'a'", "'héllo'", "'€uro😀'"], STR_SPECS):
    add(f"format({v}, {s!r})")
for s, v in itertools.product(PERCENTS, ["5", "-42", "3.7", "'ab'", "(1, 2)", "2**70", "'é'", "()"]):
    add(f"{s!r} % {v}")
    if "é" not in v and s not in ("%r", "%a"):
        add(f"b{s!r} % {v}")
for x in ["'%(a)s %(b)d' % {'a': 1, 'b': 2}", "'%(c)s' % {'a': 1}", "'%(a' % {'a': 1}", "'%(a)s' % 1", "'%*d|' % (5, 3)", "'%-*d|' % (5, 3)", "'%*d|' % (-5, 3)", "'%.*f' % (2, 3.14159)", "'%*d' % ('a', 1)", "'a' % 1",
          "'a' % {}", "'a' % []", "'%s' % [1, 2]", "'%s' % None", "'%99999999999999999999d' % 1", "'%.9999999999d' % 1", "'%5%|' % ()", "'%c' % 'ab'", "'%c' % -1", "b'%b' % b'x'", "b'%s' % 'x'", "b'%c' % 300", "b'%(a)s' % {b'a': b'1'}", "b'%a' % 'é'", "'%d' % float('inf')", "'%d' % float('nan')", "'%s' % 'é€😀'", "'%ld' % 3"]:
    add(x)
for x in ["'{}'.format(1)", "'{0} {1} {0}'.format(1, 2)", "'{a}'.format(a=1)", "'{:>5}'.format('x')", "'{:{}}'.format(1, 5)", "'{:{w}.{p}f}'.format(3.14159, w=8, p=2)", "'{!r}'.format('é')", "'{!a}'.format('é')", "'{!s:>4}'.format(1)",
          "'{0[1]}'.format([1, 2])", "'{0[a]}'.format({'a': 3})", "'{{}}'.format()", "'{{{}}}'.format(1)", "'{'.format()", "'}'.format()", "'{a'.format()", "'{!x}'.format(1)", "'{!}'.format(1)", "'{!rx}'.format(1)",
          "'{a}'.format()", "'{}'.format()", "'{0} {}'.format(1)", "'{} {0}'.format(1)", "'{:{:{}}}'.format(1, 2, 3)", "'{0[}'.format([1])", "'{0[]}'.format([1])", "'{0.}'.format(1)", "'{0[0]a}'.format([1])", "'{}'.format_map({})", "'{x}'.format_map({'x': 1})",
          "'{x}'.format_map({})", "'{99999999999999999999}'.format()", "'{:,}'.format(10**20)", "'{: d}'.format(5)", "'{:é>5}'.format(1)", "'{a{}'.format(1)", "'{:%}'.format(0.5)", "'{:d}'.format('a')", "'é{}€'.format('😀')", "'{0:{1}}'.format('a', '>3')"]:
    add(x)

TEXTS = ["''", "'a'", "'Hello World'", "'ÀÉ ßŒ ǅ İ ı ŉ ﬁ'", "'ΑΣ ΑΣΒ Σ'", "'123'", "'١٢²½'", "' \\t\\n x '", "'_a1'", "'€😀'", "'A1'", "'\\x1f\\x85\\u2028'", "'class'", "'ſ'", "'a\\u0301'", "'Ab Cd'", "'aB'"]
PREDICATES = ["isalpha", "isalnum", "isdecimal", "isdigit", "isnumeric", "isspace", "isprintable", "isascii", "islower", "isupper", "istitle", "isidentifier"]
CASES = ["lower", "upper", "title", "capitalize", "swapcase", "casefold"]
for t in TEXTS:
    for m in PREDICATES + CASES + ["strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "encode", "__repr__", "__len__", "expandtabs"]:
        add(f"({t}).{m}()")
S = "'abcabcab'"
for m in ["find('b')", "find('b', 2)", "find('b', -3)", "find('z')", "find('', 3)", "find('', 9)", "rfind('b')", "rfind('')", "index('z')", "rindex('c', 0, 4)", "count('ab')", "count('')", "count('', 9)", "count('b', 2, 6)", "find(1)", "count(1)", "index(1)",
          "startswith('ab')", "startswith(('x', 'ab'))", "startswith('b', 1)", "startswith('', 9)", "startswith(1)", "startswith((1,))", "endswith('ab')", "endswith('ca', 0, -1)", "endswith(())", "endswith('', 8)",
          "replace('b', 'X')", "replace('b', '', 1)", "replace('', '-')", "replace('', '-', 2)", "replace('abc', 'é')", "replace('b', 'X', count=1)", "replace('z', 'y')", "replace(1, 'a')", "replace('a', 1)", "replace('b', '€', 0)",
          "partition('c')", "rpartition('c')", "partition('z')", "rpartition('z')", "partition('')", "partition(1)", "split('b')", "split('b', 1)", "rsplit('b', 1)", "split('')", "split(1)", "split('z')", "split(sep='c', maxsplit=1)", "split(None, 0)", "rsplit('ab')",
          "strip('ab')", "lstrip('ab')", "rstrip('ab')", "strip(1)", "strip('')", "removeprefix('abc')", "removesuffix('ab')", "removeprefix('x')", "removeprefix(1)", "removesuffix('')", "center(12)", "center(13, '*')", "center(11, '€')", "ljust(10, '.')", "rjust(10)", "center(3)",
          "center(10, 'ab')", "center(10, 1)", "zfill(10)", "join(['x', 'y'])", "join(('x',))", "join('xyz')", "join([])", "join([1])", "join(['a', b'b'])", "join(1)", "translate({97: 'X', 98: None, 99: 120})", "translate({97: -1})", "translate({97: 1.5})", "translate([])",
          "__getitem__(1)", "__getitem__(-1)", "__getitem__(8)", "__contains__('bc')", "__add__('x')", "__mul__(2)", "__rmul__(2)", "__mod__(())", "__add__(1)", "__eq__('abcabcab')", "__eq__(1)", "__lt__('b')", "__format__('>10')", "__str__()", "__getnewargs__()", "isupper()",
          "encode('utf-16')", "encode('utf-16-le')", "encode('utf-32-be')", "encode('latin-1')", "encode('ascii')", "encode('UTF8')", "encode('nope')", "encode(1)", "encode('utf-8-sig')", "find('b', None, None)", "find('b', 'x')", "splitlines(True)", "expandtabs(4)", "format()"]:
    add(f"{S}.{m}")
for x in ["'+42'.zfill(6)", "'-42'.zfill(6)", "'é'.zfill(4)", "'a\\tb\\tc'.expandtabs(4)", "'a\\n\\tb'.expandtabs()", "'a\\tb'.expandtabs(0)", "'a\\nb\\r\\nc\\rd\\x0be\\x85f\\u2028'.splitlines()", "'a\\nb\\r\\nc'.splitlines(keepends=True)", "'\\n'.splitlines()", "' a  b  c '.split(None, 1)", "' a  b  c '.rsplit(None, 1)", "' a  b  c '.split(maxsplit=0)",
          "'a,b,,c'.split(',')", "'€a€b€'.split('€')", "'😀a😀'.replace('😀', 'x')", "'aĀbĀ'.find('Ā', 2)", "'x'.join(['é', '€', '😀'])", "''.join([])", "str.maketrans('ab', 'xy')", "str.maketrans('ab', 'xy', 'c')", "str.maketrans({'a': 1, 98: 'x'})", "str.maketrans('a', 'xy')", "str.maketrans({'ab': 1})", "str.maketrans('a')", "str.maketrans(1, 'a')",
          "'é€😀'.encode('ascii', 'ignore')", "'é€😀'.encode('ascii', 'replace')", "'é€😀'.encode('ascii', 'backslashreplace')", "'é€😀'.encode('ascii', 'xmlcharrefreplace')", "'é€😀'.encode('ascii', 'namereplace')", "'é€😀'.encode('latin-1', 'replace')", "'é€😀'.encode('ascii')", "'aé€'.encode('latin-1')", "'é€😀'.encode('utf-16-be')", "'é€😀'.encode('utf-32')", "'é'.encode('ascii', 'nope')", "'é€😀'.encode()",
          "b'\\xed\\xa0\\x80'.decode('utf-8', 'surrogatepass').encode('utf-8', 'surrogatepass')", "b'\\xff\\xfe'.decode('utf-8', 'surrogateescape').encode('utf-8', 'surrogateescape')", "b'\\xed\\xa0\\x80'.decode('utf-8', 'surrogatepass').encode()", "b'\\xed\\xa0\\x80'.decode('utf-8', 'surrogatepass').encode('utf-16-le', 'replace')", "b'\\xed\\xa0\\x80'.decode('utf-8', 'surrogatepass').upper()",
          "b'abc'.decode()", "b'\\xff'.decode()", "b'a\\xe2\\x82'.decode()", "b'\\xe2\\x28\\xa1'.decode('utf-8', 'replace')", "b'\\xf0\\x9f\\x98x'.decode('utf8', 'backslashreplace')", "b'\\xff\\xfeA\\x00'.decode('utf-16')", "b'A\\x00B'.decode('utf-16-le')", "b'\\x00\\xd8A\\x00'.decode('utf-16-le')", "b'\\x00\\xd8'.decode('utf-16-le')", "b'\\x00\\xdc'.decode('utf-16-le', 'replace')", "b'A\\x00\\x00\\x00'.decode('utf-32-le')", "b'\\x00\\x00\\x11\\x00'.decode('utf-32-le')", "b'\\x00\\xd8\\x00\\x00'.decode('utf-32-le')", "b'\\xe9'.decode('latin-1')", "b'\\xe9'.decode('ascii')", "b'\\xe9'.decode('ascii', 'ignore')", "b'\\xe9'.decode('nope')", "b'\\xe9'.decode('utf-8', 'nope')", "b'\\xef\\xbb\\xbfa'.decode('utf-8-sig')",
          "str()", "str(1)", "str('é')", "str(b'abc', 'ascii')", "str(b'\\xff', 'utf-8', 'replace')", "str(1, 'ascii')", "str('a', 'ascii')", "str(b'a')", "str(object=1)", "str(b'a', errors='strict')", "bytes()", "bytes(3)", "bytes(-1)", "bytes([1, 2, 255])", "bytes([256])", "bytes(['a'])", "bytes('a')", "bytes('é', 'utf-8')", "bytes('é', 'ascii', 'replace')", "bytes(1.5)", "bytes(b'x')", "bytes(1, 'ascii')", "bytes(None)", "bytes((1, 2))",
          "bool()", "bool(0.0)", "bool('')", "bool('a')", "bool([])", "int()", "float()", "int(x=1)", "int('1', base=2)", "int(base=2)", "float('1', 2)", "bool(1, 2)", "'abc'[1]", "'abc'[-1]", "'abc'[3]", "'abcdef'[1:4]", "'abcdef'[::-1]", "'aé€😀'[2:0:-1]", "'abcdef'[::2]", "'abc'['a']", "b'abc'[0]", "b'abcdef'[4:1:-2]", "b'abc'[5]", "'a€'[0]", "repr('it\\'s')", "repr('\"\\'')", "repr('\\x00\\x7f\\xa0\\xad\\u200b\\ue000')", "repr(b'\\x00\\'\"')", "ascii('é€😀')", "repr('\\U0010ffff')"]:
    add(x)
for m in PREDICATES:
    for t in ["b''", "b'a'", "b'A1'", "b'12'", "b' \\t'", "b'Ab Cd'", "b'\\xe9'", "b'aB'"]:
        if m in ("isalpha", "isalnum", "isdigit", "isspace", "isascii", "islower", "isupper", "istitle"):
            add(f"{t}.{m}()")
B = "b'abcabcab'"
for m in ["lower()", "upper()", "title()", "capitalize()", "swapcase()", "find(b'b')", "find(98)", "find(b'z')", "find(300)", "find('b')", "rfind(b'ab')", "index(b'z')", "rindex(b'z')", "count(b'ab')", "count(b'')", "count(97)", "count(b'b', 2, 6)", "startswith(b'ab')", "startswith((b'x', b'a'))", "startswith('a')", "endswith(b'ab', 0, 5)", "endswith(('a',))",
          "replace(b'b', b'X')", "replace(b'', b'-')", "replace(b'b', b'', 1)", "replace('b', b'')", "partition(b'c')", "rpartition(b'c')", "partition(b'')", "partition(b'z')", "rpartition(b'z')", "split(b'b')", "split(b'b', 1)", "rsplit(b'b', 1)", "split(b'')", "split('b')", "strip(b'ab')", "lstrip(b'a')", "rstrip(b'b')", "strip('a')", "removeprefix(b'abc')", "removesuffix(b'ab')", "removeprefix('a')",
          "center(12)", "center(13, b'*')", "ljust(10, b'.')", "rjust(10)", "center(10, 'a')", "center(10, b'ab')", "zfill(10)", "join([b'x', b'y'])", "join([b'x', 'y'])", "join(1)", "translate(None, b'ab')", "translate(b'x')", "translate(None, delete=b'c')", "hex()", "hex(':')", "hex('-', 3)", "hex('-', -3)", "hex(b':', 2)", "hex('ab')", "hex(1)", "hex('é')", "__getitem__(0)", "__contains__(b'bc')", "__contains__(97)", "__contains__('a')", "__add__(b'x')", "__mul__(2)", "__len__()", "__bytes__()", "__eq__('a')", "expandtabs()", "splitlines()", "decode()"]:
    add(f"{B}.{m}")
for x in ["bytes.fromhex('01 ff')", "bytes.fromhex('0')", "bytes.fromhex('0g')", "bytes.fromhex('0 1')", "bytes.fromhex(b'00')", "bytes.fromhex('é0')", "bytes.maketrans(b'ab', b'xy')[95:100]", "bytes.maketrans(b'a', b'')", "b' a  b '.split()", "b' a  b c '.rsplit(None, 1)", "b' a  b c '.split(None, 1)", "b'a\\nb\\r\\nc\\x0bd'.splitlines()", "b'a\\nb\\r'.splitlines(True)", "b'-5'.zfill(4)", "b'a\\tb'.expandtabs(4)", "b'hello world'.title()", "b' x '.strip()",
          "(5).__add__(1.5)", "(5).__add__(2)", "(5).__radd__(2)", "(5).__rsub__(2)", "(1.5).__add__(2)", "(1.5).__rsub__(2)", "(5).__pow__(2)", "(5).__rpow__(2)", "(5).__pow__(2, 3)", "(5).__pow__(1.5)", "(5).__divmod__(3)", "(5).__rdivmod__(13)", "(5).__lshift__(2)", "(5).__invert__()", "True.__and__(False)", "True.__and__(3)", "True.__repr__()", "(1.5).__divmod__(1)", "(5).__format__('x')", "(5).__format__(1)", "(5.0).__eq__(5)", "(5).__lt__(6)", "(1.5).__round__()", "(1.5).__int__()", "(15).__round__(-1)", "float.__getformat__('double')", "float.__getformat__('x')", "int.__add__(1, 2)"]:
    add(x)

NEW_WORDS = {
    "integer division or modulo by zero": "division by zero",
    "integer modulo by zero": "division by zero",
    "float division by zero": "division by zero",
    "float floor division by zero": "division by zero",
    "float modulo by zero": "division by zero",
    "float divmod()": "division by zero",
    "0.0 cannot be raised to a negative power": "zero to a negative power",
}


def result(source):
    try:
        return ascii(eval(source))
    except UnicodeError as e:
        return f"{type(e).__name__}: {ascii(e.args)}"
    except Exception as e:
        args = tuple(NEW_WORDS.get(a, a) if isinstance(a, str) else a for a in e.args)
        return f"{type(e).__name__}: {ascii(args[0]) if len(args) == 1 else ascii(args)}"


if __name__ == "__main__":
    import sys
    import warnings

    warnings.simplefilter("ignore")
    # A ceiling as the interpreter has one: sizes beyond it are MemoryError on any machine.
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print("# made by: python3.13 tests/oracle/values.py > tests/golden/values.txt")
    for source in dict.fromkeys(out):
        print(source, result(source), sep="\t")
