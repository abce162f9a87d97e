"""Whole databases to files and back: not implemented yet."""

from lamindb._surface.lazy import public

__getattr__, __dir__ = public(__name__)
