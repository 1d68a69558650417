# trace: none
# The numbers of descriptors are in a trace, and depend on what else is open.
"""Files of the system: modes, buffers, positions, descriptors, and what they refuse."""
import posix
import _io

FOLDER = "/tmp/execmon_conformance_io_files"
posix.mkdir(FOLDER)
NAME = FOLDER + "/file"


def attempt(_, f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return type(e).__name__, str(e).replace(FOLDER, "FOLDER")


with open(NAME, "wb") as f:
    print(f.write(b"one\ntwo\n"), f.write(bytearray(b"three")), f.write(memoryview(b"-four-")[1:5]), f.tell())
    print(attempt(0, f.read), attempt(0, f.write, "text"), f.readable(), f.writable(), f.seekable(), f.closed)
print(f.closed, attempt(0, f.write, b""), attempt(0, f.tell))

with open(NAME, "rb") as f:
    print(f.read(2), f.peek()[:3], f.read1(3), f.readline(), f.tell())
    b = bytearray(4)
    print(f.readinto(b), b, f.readinto1(memoryview(b)[1:3]), b, f.read(), f.read(), f.readline())
    print(f.seek(-4, 2), f.read(), f.seek(1), f.readlines(), attempt(0, f.seek, -1), attempt(0, f.seek, 0, 9))
    print(attempt(0, f.write, b"x"), attempt(0, f.truncate), attempt(0, f.read, -5), attempt(0, f.read, "x"))

with open(NAME, "r+b") as f:
    print(f.read(3), f.write(b"#"), f.read(3), f.tell(), f.seek(0), f.read())
    print(f.truncate(6), f.seek(0), f.read(), f.mode, f.raw.mode)
with open(NAME, "ab") as f:
    print(f.tell(), f.write(b"!"), f.tell())
with open(NAME, "rb", buffering=0) as f:
    print(type(f).__name__, f.mode, f.closefd, f.readall(), f.read(3), f.seek(2), f.read(3))
print(attempt(0, open, NAME, "xb"), open(FOLDER + "/new", "x").close())

for mode in ("q", "", "rw", "rr", "bt", "r+w", "U"):
    print(repr(mode), attempt(0, open, NAME, mode))
for kwargs in ({"encoding": "utf-8"}, {"errors": "strict"}, {"newline": ""}):
    print(attempt(0, open, NAME, "rb", **kwargs))
print(attempt(0, open, NAME, buffering=0), attempt(0, open, NAME, closefd=False), attempt(0, open, FOLDER + "/none"))
print(attempt(0, open, FOLDER), attempt(0, open, 3.5), attempt(0, open, -1), attempt(0, open, "a\0b"), attempt(0, open))

fd = posix.open(NAME, posix.O_RDONLY)
with open(fd, "rb", closefd=False) as f:
    print(f.read(2), f.fileno() == fd, f.name == fd)
print(posix.read(fd, 2), posix.lseek(fd, 0, 0), posix.close(fd), attempt(0, posix.close, fd)[0])
with open("ignored", "rb", opener=lambda path, flags: posix.open(NAME, flags)) as f:
    print(f.read(3), f.name)
print(attempt(0, open, "x", opener=lambda path, flags: -5), attempt(0, open, "x", opener=lambda path, flags: "fd"))

r, w = posix.pipe()
with open(r, "rb") as reader, open(w, "wb") as writer:
    print(reader.seekable(), attempt(0, reader.seek, 0), attempt(0, _io.BufferedRandom, reader.raw))
    print(writer.write(b"through the pipe"), writer.flush(), reader.read1(7), reader.peek(1))


class Shout:
    def __fspath__(self):
        return NAME


with open(Shout()) as f:
    print(f.name == NAME, f.mode, f.read(4))
for name in posix.listdir(FOLDER):
    posix.unlink(FOLDER + "/" + name)
posix.rmdir(FOLDER)
