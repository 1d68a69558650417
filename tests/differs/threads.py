"""There is one thread in an interpreter, because objects are counted without atomic operations: other threads of the host run
other interpreters.

CPython 3.13 prints:
    a thread has run

execmon prints:
    can't start new thread: this interpreter has one thread only
"""

import _thread

lock = _thread.allocate_lock()
lock.acquire()
try:
    _thread.start_new_thread(lock.release, ())
    lock.acquire()
    print('a thread has run')
except RuntimeError as e:
    print(e)
