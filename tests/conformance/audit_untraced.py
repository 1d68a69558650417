"""Code of audit hooks fires no events."""

import sys

seen = []


def helper(name):
    return [part for part in name.split('.')]


def hook(event, args):
    if event.startswith('mine.'):
        seen.append(helper(event) + list(args))
        try:
            if event == 'mine.handled':
                raise KeyError(event)
        except KeyError as e:
            seen.append(repr(e))
        if event == 'mine.refused':
            raise PermissionError(event)


def fire(event, *args):
    try:
        sys.audit(event, *args)
    except PermissionError as e:
        print('refused', e, e.__traceback__.tb_next.tb_frame.f_code.co_name)
    print(seen)
    seen.clear()


fire('mine.before')
sys.addaudithook(hook)
fire('mine.first', 1)
fire('mine.handled')
fire('mine.refused', 2, 3)


def untraced(event, args):
    if event.startswith('mine.'):
        seen.append(event)


untraced.__cantrace__ = False
sys.addaudithook(untraced)
fire('mine.both')

told = []
sys.setprofile(lambda frame, event, arg: told.append((frame.f_code.co_name, event)))
sys.audit('mine.profiled')
sys.setprofile(None)
print([entry for entry in told if entry[1] in ('call', 'return')])
