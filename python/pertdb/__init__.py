"""Registries of perturbations and compounds."""

from lamindb import __version__

__all__ = [
    "Biologic", "CombinationPerturbation", "Compound", "CompoundPerturbation", "EnvironmentalPerturbation",
    "GeneticPerturbation", "PerturbationTarget", "BiologicType", "GeneticPerturbationSystem", "__version__",
]  # fmt: skip

_REGISTRIES = frozenset(__all__[:7])


def __getattr__(name):
    if name in _REGISTRIES:
        from lamindb._registry import class_of

        value = class_of(f"pertdb.{name}")
    elif name in ("models", "types"):
        from importlib import import_module

        return import_module(f"pertdb.{name}")
    elif name in ("BiologicType", "GeneticPerturbationSystem"):
        from importlib import import_module

        value = getattr(import_module("pertdb.types"), name)
    else:
        from lamindb._missing import module_attribute

        return module_attribute("pertdb", name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
