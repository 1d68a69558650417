def f(a, b):
    c = a

    def g():
        nonlocal c
        global d
        c = d = b
        return e

    e = 1
    del e

    class H:
        x = b
        y: int
        z: int = 1

        def m(self):
            self.q = 1
            return __class__

        __private = 2

    return g, H


def h():
    if a:
        b = 1
    print(b)
    del b
    w: int
    v: str = "s"
