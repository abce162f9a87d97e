"""`ln.setup`: making, connecting and leaving instances."""

from lamindb._logger import logger
from lamindb._setup import close, connect, delete, disconnect, info, init, settings

__all__ = ["close", "connect", "delete", "disconnect", "info", "init", "logger", "settings"]


def __getattr__(name):
    if name in ("core", "errors", "types"):
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
