"""Registries of biological entities, filled from public ontologies."""

from lamindb import __version__
from lamindb._process.catalog import Registries
from lamindb._surface.lazy import public

__all__ = [
    "CellLine", "CellMarker", "CellType", "DevelopmentalStage", "Disease", "Ethnicity", "ExperimentalFactor", "Gene",
    "Organism", "Pathway", "Phenotype", "Protein", "Source", "Tissue", "settings", "base", "core", "uids", "__version__",
]  # fmt: skip
__getattr__, __dir__ = public(
    __name__, {"settings": "bionty._settings"}, ("base", "core", "ids", "models", "uids"), find=Registries("bionty", __all__[:14]),
)
