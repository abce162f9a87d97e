"""Curators: a dataset in memory against a schema."""

from .core import AnnDataCurator, CatManager, Curator, DataFrameCurator, SlotsCurator

__all__ = [
    "AnnDataCurator", "DataFrameCurator", "MuDataCurator", "SpatialDataCurator", "TiledbsomaExperimentCurator",
    "CatManager", "Curator", "SlotsCurator",
]  # fmt: skip


def __getattr__(name):
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
