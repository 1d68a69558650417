# trace: none
"""_warnings: filters, actions, registries and stack levels.  What is shown goes to a function of our own."""
import sys
import _warnings

shown = []


class Message:
    def __init__(self, message, category, filename, lineno, file=None, line=None, source=None):
        self.parts = str(message), category.__name__, filename.rsplit('/', 1)[-1], lineno, source


class Module(type(sys)):
    pass


module = Module('warnings')
module.filters = _warnings.filters
module.defaultaction = 'default'
module.onceregistry = {}
module.WarningMessage = Message
module._showwarnmsg = lambda message: shown.append(message.parts)
sys.modules['warnings'] = module


def use(*filters):
    _warnings.filters[:] = filters
    (getattr(_warnings, '_filters_mutated_lock_held', None) or _warnings._filters_mutated)()
    globals().pop('__warningregistry__', None)


def report(label):
    print(label, shown)
    shown.clear()


class Pattern:
    def __init__(self, text):
        self.text = text

    def match(self, other):
        return other.startswith(self.text)


def warn_twice(category=UserWarning):
    for i in range(2):
        _warnings.warn('twice', category)


use()
warn_twice()
report('default')
use(('always', None, Warning, None, 0))
warn_twice()
report('always')
use(('ignore', None, UserWarning, None, 0))
warn_twice()
warn_twice(DeprecationWarning)
report('ignore')
use(('module', None, Warning, None, 0))
warn_twice()
_warnings.warn('twice')
report('module')
use(('once', None, Warning, None, 0))
warn_twice()
_warnings.warn('twice')
report('once')
use(('error', Pattern('bad'), Warning, None, 0))
_warnings.warn('good')
try:
    _warnings.warn('bad news', RuntimeWarning)
except RuntimeWarning as e:
    print('raised', e)
report('error')
use(('ignore', 'exact', Warning, None, 0))
_warnings.warn('exact')
_warnings.warn('exactly')
report('text')
use(('ignore', None, Warning, '__main__', 0))
_warnings.warn('here')
report('module name')


def outer(level):
    inner(level)


def inner(level):
    _warnings.warn('level', stacklevel=level)


use(('always', None, Warning, None, 0))
outer(1)
outer(2)
outer(3)
report('levels')
_warnings.warn(FutureWarning('instance'), None, 1, 'source')
_warnings.warn_explicit('explicit', UserWarning, 'file.py', 7)
_warnings.warn_explicit('explicit', UserWarning, 'file.py', 8, 'mod', {}, None, 'source')
report('explicit')
use(('nonsense', None, Warning, None, 0))
for wrong in (
    lambda: _warnings.warn('x'),
    lambda: _warnings.warn('x', int),
    lambda: _warnings.warn('x', 5),
    lambda: _warnings.warn(),
    lambda: _warnings.warn_explicit('x', UserWarning, 'f', 1, registry=5),
):
    try:
        wrong()
    except Exception as e:
        print(type(e).__name__, str(e).split('\n')[0])
