"""Cloud paths: not implemented yet, except for the class itself."""

from lamindb._surface.lazy import public

__getattr__, __dir__ = public(__name__, {"UPath": "lamindb._process.paths"})
