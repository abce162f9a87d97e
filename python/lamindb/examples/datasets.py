"""lamindb.examples.datasets: names of LaminDB's interface; those not implemented yet raise when used."""

from lamindb._surface.lazy import public

__getattr__, __dir__ = public(__name__)
