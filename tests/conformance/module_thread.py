"""_thread and atexit where there is one thread: locks, attributes of threads, calls at the end."""
import _thread
import atexit
import errno


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except (TypeError, ValueError, RuntimeError) as e:
        print(type(e).__name__, e)


lock = _thread.allocate_lock()
print(lock.locked(), lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(timeout=0))
lock.release()
with lock:
    print("held", lock.locked())
attempt(lock.release)
attempt(lock.acquire, False, 1)
attempt(lock.acquire, timeout=-2)
attempt(lock.acquire, timeout=float("nan"))

again = _thread.RLock()
with again:
    with again:
        print(again._is_owned())
print(again._is_owned())
attempt(again.release)


class Local(_thread._local):
    def __init__(self, value):
        self.value = value


own = Local(3)
own.other = 4
print(own.value, own.other, sorted(own.__dict__))
attempt(_thread._local, 1)
print(_thread.get_ident() == _thread.get_ident(), _thread.error is RuntimeError)
print(errno.ENOENT, errno.errorcode[errno.EACCES])


def farewell(*args, **kwargs):
    print("farewell", args, kwargs)


atexit.register(farewell, 1, key=2)
print(atexit.register(farewell, "first") is farewell)
atexit.register(print, "never")
atexit.unregister(print)
attempt(atexit.register, 1)
