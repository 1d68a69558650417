"""The one empty tuple; what exceptions give to be copied; notes of codecs; keywords for subclasses; sums of products."""
import math


def none(*args):
    return args


empty = ()


class Own(tuple):
    pass


print(empty is tuple(), tuple([]) is empty, (1,)[1:] is empty, none() * 3 is empty, none(1) * 0 is empty, tuple(x for x in ()) is empty, none() is empty, none() + none() is empty)
print(Own() is Own(), Own() == (), tuple(Own()) is empty, tuple(iter(())) is tuple(''), {}.keys() and 1, eval('()') is empty)

errors = [OSError(2, 'x', 'f'), OSError(2, 'x', 'f', None, 'g'), OSError(2, 'x'), OSError('x'), ImportError('m'), ImportError('m', name='n'),
          ImportError('m', name='n', path='p'), ModuleNotFoundError('m', path='p'), AttributeError('m'), AttributeError('m', name='n', obj=1),
          NameError('m', name='n'), UnicodeDecodeError('ascii', b'x', 0, 1, 'r'), StopIteration(1), SystemExit(2), SyntaxError('m', ('f', 1, 2, 't'))]
for e in errors:
    print(e.__reduce__())
    e.extra = 5
    print(e.__reduce__())
    function, args, *state = e.__reduce__()
    copy = function(*args)
    if state:
        copy.__setstate__(state[0])
    print(repr(copy), {name: getattr(copy, name) for name in ('name', 'path', 'filename', 'filename2', 'extra') if hasattr(copy, name)})


class Choosing(filter):
    def __init__(self, function, iterable, *, label):
        self.label = label


c = Choosing(None, [0, 1, 2], label='chosen')
print(c.label, list(c))
for make in lambda: filter(None, [], label=1), lambda: Choosing(None, []), lambda: type('Plain', (filter,), {})(None, [], label=1):
    try:
        make()
    except TypeError as e:
        print(e)


class Number:
    def __init__(self, n):
        self.n = n

    def __mul__(self, other):
        print('mul', self.n, other)
        return self.n * other

    def __rmul__(self, other):
        print('rmul', other, self.n)
        return self.n * other


def items(name, *values):
    for value in values:
        print(name, value if not isinstance(value, Number) else 'Number')
        yield value


print(math.sumprod(items('p', 1, 2, 3), items('q', 4, 5, 6)))
print(math.sumprod(items('p', 1.5, 2), items('q', 4, 0.5)))
print(math.sumprod(items('p', 1, Number(2), 3), items('q', 4, 5, Number(6))))
print(math.sumprod([10 ** 30, 1.5], [2, 2]), math.sumprod([], []), math.sumprod([True, 0.1], [3, 3]))
try:
    math.sumprod(items('p', 1, 2), items('q', 1))
except ValueError as e:
    print(e)
for arguments in (-1, 0.5), (5, -1), (0.5, -1), ('a', 1):
    try:
        print(math.comb(*arguments))
    except (TypeError, ValueError) as e:
        print(e)
print(math.gamma(2.5), math.gamma(-1.5), math.lgamma(0.5), math.lgamma(-1.5), math.gamma(171.5), math.lgamma(1e10))
