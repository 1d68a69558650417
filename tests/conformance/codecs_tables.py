"""Codecs by a table, UTF-7, and the escape sequences of bytes."""
import _codecs as c


def t(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__, ascii(str(e)))


tab = ''.join(map(chr, range(128))) + ''.join('\ufffe' if i % 7 == 0 else chr(0x400 + i) for i in range(128))
enc = c.charmap_build(tab)
s = 'abc\u0401\u0402 \u0407\u040e x\ufffe\ud800'
for e in ('strict', 'xmlcharrefreplace', 'surrogateescape', 'nope'):
    t(lambda: c.charmap_encode(s, e, enc))
    t(lambda: c.charmap_encode('a\u0401', e, enc))
    t(lambda: c.charmap_decode(b'ab\x80\x81\x87\x88\xff', e, tab))
    t(lambda: c.charmap_decode(b'ab\x80\x81', e, {97: 'xyz', 98: None, 0x80: 0x1f600, 0x81: 0xfffe}))
    t(lambda: c.charmap_encode('ab\u1234', e, {97: b'XYZ', 98: 5}))
    t(lambda: c.charmap_decode(b'a\xe9', e))
    t(lambda: c.charmap_encode('a\xe9\u1234', e))
t(lambda: c.charmap_decode(b'a', 'strict', {97: 2**40}))
t(lambda: c.charmap_decode(b'a', 'strict', {97: 1.5}))
t(lambda: c.charmap_decode(b'a', 'strict', 'x'*10))
t(lambda: c.charmap_encode('a', 'strict', {97: 256}))
t(lambda: c.charmap_encode('a', 'strict', {97: 'x'}))
t(lambda: c.charmap_encode(5))
t(lambda: c.charmap_decode('a'))
t(lambda: c.charmap_decode(b'a', 'strict', 5))


class Fails:
    def __getitem__(self, key):
        raise ZeroDivisionError


t(lambda: c.charmap_decode(b'a', 'strict', Fails()))
u = ['', 'a', 'hello world', 'A\u2262\u0391.', 'Hi Mom -\u263a-!', '\u65e5\u672c\u8a9e', '+', 'a+b-c', '\u00e9-', '\u00e9a', '\u00e9+', '\U0001f600', '\U0001f600x\u00e9', '\ud800', '\ud800x', '\udc00\ud800', '~\\', '\x00\x01\t\n', '\u00e9'*7, 'a\u00e9b\u00e8']
for x in u:
    print(c.utf_7_encode(x), c.utf_7_decode(c.utf_7_encode(x)[0], 'strict', True)[0] == x)
b = [b'+', b'+A', b'+AG', b'+AGE', b'+AGE-', b'+AGE-x', b'+AGEx-', b'+-', b'+!', b'+!x', b'a\xffb', b'+2D0', b'+2D0-', b'+2D0x-', b'+2D3eAA-', b'+AB\xff', b'+AGF\xe9-', b'a+//,+IKx/', b'a+//,+IKwgrA-', b'~\\', b'+AGEAYQ', b'+AGEAYg-+AGM-d', b'x+2D3+3gA-', b'+IAy-x+', b'a+AGEAYgB', b'+3ADYPQ-', b'+AGH-', b'+AG8-b']
for x in b:
    for e in ('strict', 'replace'):
        for f in (True, False):
            t(lambda: c.utf_7_decode(x, e, f))
for x in (b'a\\n\\x41\\101\\\\\\\'\\"\\\nz', b'\\x4', b'\\xg1', b'\\x', b'\\', 'a\\t', b'\\a\\b\\f\\v\\r\\0'):
    for e in ('strict', 'replace', 'ignore', 'foo'):
        t(lambda: c.escape_decode(x, e))
t(lambda: c.escape_encode(b'a\'"\\\n\r\t\0\xff'))
t(lambda: c.escape_encode(bytearray(b'a')))
t(lambda: c.readbuffer_encode('\u00e9'))
t(lambda: c.readbuffer_encode(b'ab'))
