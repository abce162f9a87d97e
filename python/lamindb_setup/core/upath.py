"""lamindb.setup.core.upath under its other name."""

from lamindb._surface.lazy import public

__getattr__, __dir__ = public(__name__, {"UPath": "lamindb._process.paths", "CanonicalSuffix": "lamindb.base.canonical_suffix"})
