# ends: traceback
"""An uncaught exception out of a class body, a method and __exit__."""


class Noisy:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        raise RuntimeError("in exit")


try:
    class Broken:
        x = 1
        y = x.missing
except AttributeError as error:
    print(error)

with Noisy():
    class Inner:
        def method(self):
            assert self is None, (
                "self is "
                "something"
            )

    Inner().method()
