# trace: none
"""Sources in encodings that the program itself has registered.

Not traced: CPython hands the decoder a view of the source, execmon its bytes.
"""

import _codecs


def decode(data, errors="strict"):
    return bytes(data).decode("latin-1").replace("\xa4", "\u20ac"), len(data)


def search(name):
    if name == "euro_latin":
        return (lambda text, errors="strict": (text.encode("latin-1"), len(text)), decode, None, None)


_codecs.register(search)
print(ascii(eval(b"# coding: euro-latin\n'\xa4\xe9'")))
namespace = {}
exec(b"#!/usr/bin/python\r\n# -*- coding: euro-latin -*-\r\nx = '\xa4'\r\ny = __name__\r\n", namespace | {"__name__": "n"})
exec(compile(b"#\n# vim: fileencoding=euro_latin\nx = '\xa4'\nd\xe9f = 2\n", "file", "exec"), namespace)
print(ascii(namespace["x"]), namespace["d\xe9f"])
exec(b"# coding: latin-1\nz = '\xa4'\n", namespace)
print(ascii(namespace["z"]))
for source in (b"# coding: nobody-knows\n1", b"\xef\xbb\xbf# coding: euro-latin\n1"):
    try:
        eval(source)
    except SyntaxError as e:
        print(type(e).__name__)
