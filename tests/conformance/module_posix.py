# trace: none
"""posix: files and folders by path and by descriptor."""
import posix


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except (TypeError, ValueError, OSError) as e:
        print(type(e).__name__, e)


folder = "/tmp/execmon_conformance_posix"
posix.mkdir(folder)
name = folder + "/file"
fd = posix.open(name, posix.O_CREAT | posix.O_RDWR | posix.O_EXCL, 0o644)
print(posix.write(fd, b"some text"), posix.lseek(fd, 5, 0), posix.read(fd, 2), posix.read(fd, 100), posix.read(fd, 1))
posix.ftruncate(fd, 4)
print(posix.fstat(fd).st_size, posix.isatty(fd))
posix.close(fd)
posix.rename(name, folder + "/renamed")
posix.symlink("renamed", folder + "/link")
print(sorted(posix.listdir(folder)), posix.readlink(folder + "/link"))
info = posix.stat(folder + "/link")
print(info.st_size, oct(info.st_mode), len(info), info[6], info.st_mtime_ns >= int(info.st_mtime), type(info).__name__)
print(posix.lstat(folder + "/link").st_mode != info.st_mode)
with posix.scandir(folder) as entries:
    for entry in sorted(entries, key=lambda e: e.name):
        print(entry.name, entry.is_file(), entry.is_dir(), entry.is_symlink(), entry.is_file(follow_symlinks=False))
print(posix.access(folder, posix.R_OK), posix.fspath("a"), posix.fspath(b"b"), type(posix.environ), len(posix.urandom(5)))
for entry in posix.listdir(folder):
    posix.remove(folder + "/" + entry)
posix.rmdir(folder)
attempt(posix.stat, "/does/not/exist")
attempt(posix.listdir, "/does/not/exist")
attempt(posix.rmdir, "/does/not/exist")
attempt(posix.rename, "/does/not/exist", "/b")
attempt(posix.open, "/does/not/exist", posix.O_RDONLY)
attempt(posix.mkdir, "/tmp")
attempt(posix.close, 999)
attempt(posix.read, 999, 1)
attempt(posix.fspath, 1)
attempt(posix.stat, 1.5)
attempt(posix.stat, "a\0b")
attempt(posix.strerror, 2)
