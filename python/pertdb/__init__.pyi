# `import pertdb` for type checkers; at run time each name is looked up when it is first used.
from lamindb._registries import Biologic as Biologic
from lamindb._registries import CombinationPerturbation as CombinationPerturbation
from lamindb._registries import Compound as Compound
from lamindb._registries import CompoundPerturbation as CompoundPerturbation
from lamindb._registries import EnvironmentalPerturbation as EnvironmentalPerturbation
from lamindb._registries import GeneticPerturbation as GeneticPerturbation
from lamindb._registries import PerturbationTarget as PerturbationTarget
from pertdb import models as models
from pertdb import types as types
from pertdb.types import BiologicType as BiologicType
from pertdb.types import GeneticPerturbationSystem as GeneticPerturbationSystem

__version__: str
