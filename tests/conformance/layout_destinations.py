"""Where branches and jumps arrive when the first instruction there does nothing of its own."""


def chained(low, x, high):
    if low <= x < high:
        return "inside"
    elif low == x == high:
        return "point"
    return "outside"


def constant_conditions(a, b):
    if a and 0:
        print("never")
    if a != 5 and (2.5 or b):
        print("a is not 5")
    if b or not 5:
        print("b")
    if (a if "s" else not b):
        print("a")
    while a and "on":
        a -= 1
    return a


def leave_try(n):
    for i in range(n):
        try:
            if i == 1: continue
            if i == 3: break
            print("body", i)
        finally:
            print("finally", i)
    else:
        print("no break")
    return i


def nothing_left(fail):
    try:
        if fail:
            raise ValueError
    except ValueError:
        pass
    finally:
        print("finally", fail)
    try:
        try:
            fail or int("x")
        except ValueError:
            handled = True
        else:
            handled = False
        finally:
            print("inner")
    finally:
        print("outer", handled)


for case in ((1, 2, 3), (1, 0, 3), (2, 2, 2), (1, 3, 3)):
    print(chained(*case))
print(constant_conditions(2, 0), constant_conditions(5, 1))
print(leave_try(2), leave_try(5))
nothing_left(True)
nothing_left(False)
