"""Paths as returned to users: universal_pathlib's if installed, otherwise pathlib's. Both are imported when first used."""


import os

from .._surface.lazy import later

add_methods = later("lamindb._process.path_methods", "add_to")


def open_text(path, errors=None):
    """Opens a text file named by the user: a FIFO or device is refused, not waited for."""

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
        from pathlib import Path

        return Path
    return add_methods(UPath)


def upath(path):
    """A path as returned to users."""
    return path_class()(path)


def __getattr__(name):
    if name == "UPath":
        return path_class()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
