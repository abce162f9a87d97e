"""Paths as users get them: universal_pathlib's where that is installed, else pathlib's. Both are imported when one is made."""


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
