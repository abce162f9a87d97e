"""lamindb.examples: names of LaminDB's interface; what is not implemented yet says so when it is used."""

from lamindb._surface.lazy import public

__getattr__, __dir__ = public(__name__)
