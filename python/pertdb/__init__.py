"""Registries of perturbations and compounds."""

from lamindb import __version__
from lamindb._process.catalog import Registries
from lamindb._surface.lazy import public

__all__ = [
    "Biologic", "CombinationPerturbation", "Compound", "CompoundPerturbation", "EnvironmentalPerturbation",
    "GeneticPerturbation", "PerturbationTarget", "BiologicType", "GeneticPerturbationSystem", "__version__",
]  # fmt: skip
__getattr__, __dir__ = public(
    __name__, dict.fromkeys(("BiologicType", "GeneticPerturbationSystem"), "pertdb.types"), ("models", "types"),
    find=Registries("pertdb", __all__[:7]),
)  # fmt: skip
