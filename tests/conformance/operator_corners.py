"""Which operand is asked, where classes inherit the methods; what the methods of int answer to others."""

log = []


def noting(name, refuses=False):
    def method(self, *others):
        log.append(f'{type(self).__name__}.{name}')
        return NotImplemented if refuses else name
    return method


class Base:
    __divmod__, __rdivmod__ = noting('divmod'), noting('rdivmod')
    __add__, __radd__ = noting('add'), noting('radd')


class Inherits(Base):
    pass


class Overrides(Base):
    __rdivmod__, __radd__ = noting('own rdivmod'), noting('own radd')


class Refuses(Base):
    __divmod__, __rdivmod__ = noting('divmod', True), noting('rdivmod', True)
    __add__, __radd__ = noting('add', True), noting('radd', True)


class Count(int):
    __rdivmod__ = noting('rdivmod')


things = [Base(), Inherits(), Overrides(), Refuses(), Count(7), 2.5]
for a in things:
    for b in things:
        for f in divmod, lambda x, y: x + y:
            log.clear()
            try:
                result = f(a, b)
            except TypeError as e:
                result = e
            print(type(a).__name__, type(b).__name__, result, log)


class Number(float):
    def __gt__(self, other):
        return f'gt {other}'

    def __eq__(self, other):
        return f'eq {other}'

    __hash__ = None


print((1).__lt__(1.5), (1).__eq__(1.0), (1).__ne__(2.0), True.__ge__(0.5), (10 ** 30).__gt__(1.0), (1.5).__lt__(2), (1.5).__eq__(10 ** 30))
print(1 < Number(2), 1 == Number(2), 1.0 < Number(2), True < Number(2), 10 ** 30 == Number(1), Count(1) < Number(2))
print(1 < 1.5, 10 ** 30 > 1e30, 1 == 1.0, True == 1.0, [1, 2.5] < [1, 3], sorted([3, 1.5, True, 2 ** 70]), max(1, 1.0), {1: 'int'}[1.0])


class Made:
    def __init__(self, value):
        self.value = value

    def __complex__(self):
        return self.value

    def __sizeof__(self):
        return self.value

    def __int__(self):
        return self.value

    def __index__(self):
        return self.value


import sys

for value in 5, 1.5, 'text', None:
    for f in (complex, lambda m: sys.getsizeof(m) >= 5, lambda m: '%d' % m, lambda m: '%x' % m, lambda m: b'%d' % m):
        try:
            print(f(Made(value)))
        except TypeError as e:
            print(e)
print(sys.set_int_max_str_digits(maxdigits=sys.get_int_max_str_digits()))

for template, values in [
    ('%(a)*d', {'a': 3}), ('%(a)s %s', {'a': 1}), ('%(a).*f', {'a': 2}), ('%(a)d %(b)d', {'a': 1, 'b': 2}), ('%s %s', {'a': 1}),
    ('%(a)s %%', {'a': 'b'}), (b'%(a)d %d', {b'a': 1}), ('%s', {'a': 1}), ('%(a)c', {'a': 'bc'}),
]:
    try:
        print(template % values)
    except (TypeError, ValueError) as e:
        print(template, e)

view = memoryview(bytes(range(24))).cast('B', (2, 3, 4))
for part in view[0:1], view[1:], view[::-1], view[:0], view[5:]:
    print(part.shape, part.strides, part.tolist(), part.tobytes(), part.contiguous)
print(view[1:][0, 2, 3], view[::-1][0, 0, 0], view[::-1] == view, view[0:2] == view)
changed = memoryview(bytearray(6)).cast('B', (3, 2))
for key, value in [(slice(0, 1), b'ab'), (slice(0, 1), memoryview(b'ab').cast('B', (1, 2))), ((slice(0, 1), slice(0, 1)), b'a'), (0, 5)]:
    try:
        changed[key] = value
        print(changed.tolist())
    except (NotImplementedError, ValueError, TypeError) as e:
        print(type(e).__name__, e)
