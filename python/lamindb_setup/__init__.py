"""Making, connecting and leaving instances: `lamindb.setup` under its other name."""

from lamindb import __version__
from lamindb.setup import close, connect, delete, disconnect, info, init, logger, settings

__all__ = ["__version__", "close", "connect", "delete", "disconnect", "info", "init", "logger", "settings"]


def __getattr__(name):
    if name in ("core", "errors", "types", "io"):
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
