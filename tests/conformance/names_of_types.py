"""What built-in types have beside what everybody uses: truth, buffers, states of iterators, signatures, named tuples."""
import sys
import time


def show(f, *args):
    try:
        print(repr(f(*args)))
    except Exception as e:
        print(type(e).__name__, e)


print(None.__bool__(), range(0).__bool__(), range(3).__bool__())
view = b'abc'.__buffer__(0)
print(type(view).__name__, bytes(view), view.readonly)
array = bytearray(b'xyz')
view = array.__buffer__(0)
view[0] = 65
array.__release_buffer__(view)
array.append(1)
print(array)

for it, state in ((iter([1, 2, 3]), 1), (iter(range(5)), 3), (iter(range(10**30, 10**30 + 4)), 2), (iter('abc'), 9),
                  (iter(bytearray(b'abc')), 2), (reversed((1, 2, 3)), 0)):
    it.__setstate__(state)
    print(type(it).__name__, list(it))
pairs = zip('ab', 'c')
pairs.__setstate__(True)
show(list, pairs)

for f in (len, print, list.append, [].append, str.join, dict.get, int.__add__, (1).__add__, object.__init__, sorted, abs,
          isinstance, sum, bytes.decode, set.union, float.hex, range.index, Exception.add_note, sys.exit, time.sleep):
    print(f.__name__, f.__text_signature__, f.__doc__ is not None)
print(list.__text_signature__, tuple.__text_signature__, list.__doc__ is not None, [].__doc__ is not None)

code = show.__code__
print(b'' < code.co_linetable, b'' < code.co_exceptiontable)
print(code.__replace__(co_name='other').co_name, code._varname_from_oparg(0))
show(lambda: type.__dict__['__dict__'].__get__(int).__ior__({}))

moment = time.gmtime(0)
print(moment, moment.tm_zone, moment.tm_gmtoff, moment.n_fields, moment.n_sequence_fields, moment.n_unnamed_fields)
print(moment.__replace__(tm_year=2000)[:2], moment.__reduce__())
print(time.struct_time(range(9)), time.struct_time(range(11)).tm_gmtoff)
show(time.struct_time, range(3))
show(time.struct_time, 5)
show(lambda: moment.__replace__(x=1))
show(type(sys.version_info))
show(type(sys.flags))
print(type(sys.version_info).__name__, sys.version_info.major, sys.flags.gil, sys.thread_info.name)


def generate():
    try:
        yield 1
    finally:
        print('closed')


g = generate()
next(g)
g.__del__()
print(list(g))
