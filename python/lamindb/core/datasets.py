"""lamindb.examples.datasets under its former name."""

from lamindb._surface import former

__getattr__, __dir__ = former.module(__name__, "lamindb.examples.datasets")
