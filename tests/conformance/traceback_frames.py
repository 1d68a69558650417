"""Frames that tracebacks keep: their locals, their callers, and what dies with them."""


class Noted:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print('del', self.name)


saved = []


def names(frame):
    found = []
    while frame:
        found.append(frame.f_code.co_name)
        frame = frame.f_back if found[-1] != '<module>' else None
    return found


def catches():
    kept = Noted('of the frame that catches')
    try:
        1 / 0
    except ZeroDivisionError as e:
        saved.append(e)
    later = 5
    return later


print(catches())
frame = saved[0].__traceback__.tb_frame
print(sorted(frame.f_locals), frame.f_locals['later'], names(frame), frame.f_lineno - frame.f_code.co_firstlineno)
del frame
saved.clear()
print('cleared')


def inner():
    here = Noted('inner')
    raise ValueError('inner')


def middle():
    here = Noted('middle')
    inner()


def outer():
    here = Noted('outer')
    try:
        middle()
    except ValueError as e:
        saved.append(e)
        t = e.__traceback__
        print(names(t.tb_frame), names(t.tb_next.tb_frame), names(t.tb_next.tb_next.tb_frame))
        print(t.tb_next.tb_next.tb_frame.f_back is t.tb_next.tb_frame, t.tb_next.tb_frame.f_back is t.tb_frame)
        t = None
    print('end of outer')


outer()
innermost = saved[0].__traceback__.tb_next.tb_next.tb_frame
print(names(innermost))
saved.clear()
print('the exception has gone', sorted(innermost.f_back.f_locals), sorted(innermost.f_back.f_back.f_locals))
del innermost
print('the frame has gone')


def generator():
    here = Noted('generator')
    try:
        yield 1
    except ValueError as e:
        saved.append(e)
    late = Noted('late')
    yield 2
    end = 3


g = generator()
next(g)
print(g.throw(ValueError), list(g))
print(sorted(saved[0].__traceback__.tb_frame.f_locals), names(saved[0].__traceback__.tb_frame))
saved.clear()
print('the generator has gone')


def cycle():
    here = Noted('in a cycle')
    found = []
    try:
        raise ValueError
    except ValueError as e:
        found.append(e)
    return found


import gc

gc.collect()
cycle()
print('still there')
gc.collect()


def in_loop():
    for i in range(3):
        here = Noted(i)
        try:
            raise ValueError(i)
        except ValueError as e:
            last = e.__traceback__.tb_frame
        print(sorted(last.f_locals), last.f_locals['i'])
    del last


in_loop()

# Tracebacks made by hand.
try:
    inner()
except ValueError as e:
    t = e.__traceback__
Traceback = type(t)
made = Traceback(t.tb_next, t.tb_next.tb_frame, -1, 77)
print(made.tb_next is t.tb_next, made.tb_frame is t.tb_next.tb_frame, made.tb_lineno, made.tb_lasti)
for arguments in [(1, t.tb_frame, 0, 1), (None, None, 0, 1), (None, t.tb_frame, 'a', 1), (None, t.tb_frame, 0, None), (), (None,) * 5]:
    try:
        print(Traceback(*arguments))
    except TypeError as e:
        print(e)
for value in (5, made, None):
    try:
        made.tb_next = value
        print('set', made.tb_next)
    except (TypeError, ValueError) as e:
        print(e)
del t, made
print('end')
