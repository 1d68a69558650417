# args: one two --three
"""sys: argv, path, modules, stdout, maxsize; print to a stream; time."""

import sys
import time

print(sys.argv[0], sys.argv[1:], sys.maxsize == 2**63 - 1)
print(sys.path[0][-11:], "sys" in sys.modules, sys.modules["__main__"].__name__)
print(sys.stdout.write("written\n"))
print("to stdout", file=sys.stdout, end="!\n", flush=True)


class Stream:
    def __init__(self):
        self.parts = []

    def write(self, text):
        self.parts.append(text)

    def flush(self):
        self.parts.append("<flush>")


stream = Stream()
print("a", 1, sep="+", file=stream, flush=True)
print(stream.parts)
old, sys.stdout = sys.stdout, stream
try:
    print("captured")
finally:
    sys.stdout = old
print(stream.parts[-2:])
before = time.time()
later = time.perf_counter()
print(time.time() >= before, time.perf_counter() >= later, time.monotonic() > 0)
try:
    sys.exit("leaving")
except SystemExit as error:
    print(repr(error.code), error)
try:
    sys.exit()
except SystemExit as error:
    print(error.code)
print(sys.getrecursionlimit() > 0, sys.exc_info(), __name__ in sys.modules)
