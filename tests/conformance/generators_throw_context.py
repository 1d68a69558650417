"""The context of what is thrown into generators and coroutines: what they handle themselves, not what their caller does."""


def catches():
    try:
        yield 1
    except (ValueError, GeneratorExit) as e:
        print('caught', repr(e), repr(e.__context__))
    yield 2


def handles():
    try:
        raise KeyError('its own')
    except KeyError:
        try:
            yield 1
        except ValueError as e:
            print('caught', repr(e), repr(e.__context__))
            yield 2


def passes():
    yield 1


def raises():
    yield 1
    raise ValueError('raised inside')


def delegates():
    yield from catches()


class Awaited:
    def __await__(self):
        yield 1


async def coroutine():
    try:
        await Awaited()
    except ValueError as e:
        print('caught', repr(e), repr(e.__context__))


def throw(g, what):
    try:
        raise KeyError('of the caller')
    except KeyError:
        try:
            print(g.throw(what))
        except BaseException as e:
            print('out', repr(e), repr(e.__context__))


for make in catches, handles, passes, delegates, raises:
    for what in ValueError('an instance'), ValueError:
        print(make.__name__)
        g = make()
        throw(make(), what)
        next(g)
        throw(g, what)
c = coroutine()
c.send(None)
throw(c, ValueError('awaited'))

g = raises()
next(g)
try:
    raise KeyError('of the caller')
except KeyError:
    try:
        next(g)
    except ValueError as e:
        print(repr(e.__context__))
g = catches()
next(g)
try:
    raise KeyError('of the caller')
except KeyError:
    try:
        g.close()
    except RuntimeError as e:
        print(e, repr(e.__context__))

old = ValueError('has a context')
old.__context__ = IndexError('of old')
g = handles()
next(g)
throw(g, old)
g = passes()
next(g)
throw(g, old)
