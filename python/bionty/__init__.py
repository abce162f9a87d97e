"""Registries of biological entities, filled from public ontologies."""

from lamindb import __version__

__all__ = [
    "CellLine", "CellMarker", "CellType", "DevelopmentalStage", "Disease", "Ethnicity", "ExperimentalFactor", "Gene",
    "Organism", "Pathway", "Phenotype", "Protein", "Source", "Tissue", "settings", "base", "core", "uids", "__version__",
]  # fmt: skip

_REGISTRIES = frozenset(__all__[:14])


def __getattr__(name):
    if name in _REGISTRIES:
        from lamindb._registry import class_of

        value = class_of(f"bionty.{name}")
    elif name == "settings":
        from ._settings import settings as value
    elif name in ("base", "core", "models", "uids"):
        from importlib import import_module

        return import_module(f"bionty.{name}")
    else:
        from lamindb._missing import module_attribute

        return module_attribute("bionty", name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
