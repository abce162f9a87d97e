"""Paths as users get them: universal_pathlib's where that is installed, else pathlib's. Both are imported when one is made."""


import os


def open_text(path, errors=None):
    """Opens a text file that somebody named: a FIFO or device is refused, not waited for."""

    def opener(name, flags):
        from stat import S_ISREG

        descriptor = os.open(name, flags | os.O_NONBLOCK)
        if S_ISREG(os.fstat(descriptor).st_mode):
            return descriptor
        os.close(descriptor)
        raise OSError(f"'{name}' is not a file")

    return open(path, encoding="utf-8", errors=errors, opener=opener)


def path_class():
    try:
        from upath import UPath
    except ImportError:
        from pathlib import Path as UPath
    return UPath


def upath(path):
    """A path as users get it."""
    return path_class()(path)


def __getattr__(name):
    if name == "UPath":
        return path_class()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
