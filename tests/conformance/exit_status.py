"""sys.exit out of nested functions, with finally bodies on the way."""

import sys


class Closing:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        print("exit", kind.__name__, value.code)


def worker(n):
    try:
        with Closing():
            if n == 0:
                sys.exit(3)
            worker(n - 1)
    except Exception:
        print("SystemExit is no Exception")
    finally:
        print("finally", n)


def generator():
    try:
        yield 1
        sys.exit(4)
    finally:
        print("generator leaves")


try:
    list(generator())
except SystemExit as error:
    print("caught", error.code)
try:
    raise SystemExit
except SystemExit as error:
    print(error.code)
print("before")
worker(2)
print("never")
