"""Functions on files take no path that is relative to an open folder (`dir_fd`), and do not act on links themselves where CPython
can (`os.supports_dir_fd` and `os.supports_follow_symlinks` say so): they refuse rather than act on another file.

CPython 3.13 prints:
    stat OSError
    unlink OSError
    rename OSError
    chmod FileNotFoundError

execmon prints:
    stat NotImplementedError
    unlink NotImplementedError
    rename NotImplementedError
    chmod NotImplementedError
"""

import posix

for name, args, kwargs in (
    ("stat", ["no such file"], {"dir_fd": 999}),
    ("unlink", ["no such file"], {"dir_fd": 999}),
    ("rename", ["no such file", "nor this"], {"src_dir_fd": 999}),
    ("chmod", ["no such file", 0o600], {"follow_symlinks": False}),
):
    try:
        getattr(posix, name)(*args, **kwargs)
    except (OSError, NotImplementedError) as e:
        print(name, type(e).__name__)
