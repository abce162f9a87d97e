"""Exporting and importing whole databases: not implemented yet."""

from lamindb._surface.lazy import public

__getattr__, __dir__ = public(__name__)
