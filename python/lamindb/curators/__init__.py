"""Curators: a dataset in memory against a schema."""

from .._surface.lazy import public
from .core import AnnDataCurator, CatManager, Curator, DataFrameCurator, SlotsCurator
from .files import Report, curate_files

__all__ = [
    "AnnDataCurator", "DataFrameCurator", "MuDataCurator", "SpatialDataCurator", "TiledbsomaExperimentCurator",
    "CatManager", "Curator", "SlotsCurator",
    "Report", "curate_files",
]  # fmt: skip
_COMPOSITE = ("MuDataCurator", "SpatialDataCurator", "TiledbsomaExperimentCurator")
__getattr__, __dir__ = public(__name__, dict.fromkeys(_COMPOSITE, "lamindb.curators.composite"), modules=("core",))
