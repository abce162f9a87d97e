"""Exporting and importing whole databases: `ln.setup.io` under its other name."""

from lamindb._surface.lazy import public
from lamindb.setup.io import export_db, import_db

__all__ = ["export_db", "import_db"]
__getattr__, __dir__ = public(__name__)
