"""Creating, connecting and disconnecting instances: `lamindb.setup` under its other name."""

from lamindb import __version__
from lamindb._surface.lazy import public
from lamindb.setup import connect, delete, disconnect, info, init, logger, login, logout, merge, migrate, settings, switch

__all__ = ["__version__", "connect", "delete", "disconnect", "info", "init", "logger", "login", "logout", "merge", "migrate",
           "settings", "switch"]  # fmt: skip
__getattr__, __dir__ = public(__name__, modules=("core", "errors", "types", "io"))
