# ends: traceback
"""An uncaught exception raised again through several handlers and finally bodies."""


def level(n):
    try:
        if n == 0:
            raise ValueError("bottom")
        level(n - 1)
    except ValueError as error:
        print("saw", n, error)
        if n == 2:
            raise TypeError("changed") from None
        raise
    except TypeError:
        print("type", n)
        raise
    finally:
        print("finally", n)


def loop():
    for i in (1, 2):
        try:
            level(i + 1)
        except TypeError:
            if i == 2:
                raise
            continue
        else:
            print("never")


loop()
