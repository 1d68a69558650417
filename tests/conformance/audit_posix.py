# trace: none
"""The audit events of functions on files, and what they refuse: a hook that refuses these keeps a program from files."""

import posix
import sys

log = []
refused = None


def hook(event, args):
    if event.startswith("os.") or event == "open" and args[0] == NOWHERE:
        log.append((event, args))
        if event == refused:
            raise PermissionError(event)


NOWHERE = "no/such/place"
sys.addaudithook(hook)


def attempt(name, *args, **kwargs):
    try:
        getattr(posix, name)(*args, **kwargs)
        result = "done"
    except (OSError, TypeError, ValueError, NotImplementedError) as e:
        result = type(e).__name__
    print(name, result, *log)
    log.clear()


for name in ("chdir", "rmdir", "unlink", "remove", "mkdir", "readlink", "stat", "lstat"):
    attempt(name, NOWHERE)
attempt("open", NOWHERE, posix.O_RDONLY)
attempt("mkdir", NOWHERE, 0o700)
attempt("mkdir", path=NOWHERE, mode=-1)
attempt("chmod", NOWHERE, 0o644)
attempt("chmod", NOWHERE.encode(), mode=2**31 - 1)
for name in ("rename", "replace", "link", "symlink"):
    attempt(name, NOWHERE, NOWHERE)
attempt("symlink", NOWHERE, NOWHERE, True)
attempt("link", src=NOWHERE, dst=NOWHERE, follow_symlinks=True)
attempt("listdir", NOWHERE)
attempt("listdir")
attempt("scandir", NOWHERE)
attempt("ftruncate", 99, 5)
attempt("putenv", b"EXECMON_A", b"b")
attempt("unsetenv", b"EXECMON_A")
attempt("mkdir", 5.5)
attempt("unlink", "a\0b")
attempt("access", NOWHERE, posix.F_OK)

for name, event in (("unlink", "os.remove"), ("rmdir", "os.rmdir"), ("listdir", "os.listdir"), ("open", "open")):
    refused = event
    attempt(name, NOWHERE, *([posix.O_RDONLY] if name == "open" else []))
