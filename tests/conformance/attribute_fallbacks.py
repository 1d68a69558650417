"""`__getattr__` after properties and descriptors that raise AttributeError, seen in events."""


class Fallback:
    def __init__(self):
        self.count = 0

    @property
    def broken(self):
        self.count += 1
        return self.missing

    @property
    def wrong(self):
        raise AttributeError('of the property')

    @property
    def other(self):
        raise KeyError('another exception')

    def __getattr__(self, name):
        if name == 'missing':
            raise AttributeError('no ' + name)
        return 'fallback for ' + name


class Without:
    @property
    def wrong(self):
        raise AttributeError('of the property')


class Getting:
    def __get__(self, instance, owner):
        raise AttributeError('of the descriptor')


class WithDescriptor:
    it = Getting()

    def __getattr__(self, name):
        return 'fallback for ' + name


def read(o, name):
    for _ in range(3):
        try:
            match name:
                case 'broken':
                    print(o.broken)
                case 'wrong':
                    print(o.wrong)
                case 'other':
                    print(o.other)
                case 'it':
                    print(o.it)
        except (AttributeError, KeyError) as e:
            print(type(e).__name__, e)


f = Fallback()
read(f, 'broken')
read(f, 'wrong')
read(f, 'other')
read(Without(), 'wrong')
read(WithDescriptor(), 'it')
print(f.count, getattr(f, 'wrong'), hasattr(f, 'broken'), getattr(Without(), 'wrong', 'default'))
del Fallback.__getattr__
read(f, 'wrong')
Without.__getattr__ = lambda self, name: 'now ' + name
read(Without(), 'wrong')
