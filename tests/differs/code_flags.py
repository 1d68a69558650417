"""`code.replace` does not change the `co_flags` by which arguments are bound and frames are made: the instructions are compiled
for them (CPython takes them where they happen to do no harm).

CPython 3.13 prints:
    int
    True

execmon prints:
    NotImplementedError
    True
"""


def f():
    return 1


def with_flag(flag):
    return f.__code__.replace(co_flags=f.__code__.co_flags | flag)


try:
    f.__code__ = with_flag(0x20)
    print(type(f()).__name__)
except NotImplementedError as e:
    print(type(e).__name__)
print(with_flag(0x100).co_flags & 0x100 != 0)
