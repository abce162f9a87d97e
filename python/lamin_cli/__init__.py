"""The shell command `lamin` for `python -m lamin_cli`, and its functions that are those of `lamindb.setup`."""

from importlib import import_module

__all__ = ["connect", "delete", "disconnect", "init", "login", "logout"]


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module 'lamin_cli' has no attribute {name!r}")
    return getattr(import_module("lamindb.setup"), name)  # only now: the program itself needs no Python
