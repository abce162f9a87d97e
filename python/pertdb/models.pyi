# `pertdb.models` for type checkers.
from pertdb import Biologic as Biologic
from pertdb import CombinationPerturbation as CombinationPerturbation
from pertdb import Compound as Compound
from pertdb import CompoundPerturbation as CompoundPerturbation
from pertdb import EnvironmentalPerturbation as EnvironmentalPerturbation
from pertdb import GeneticPerturbation as GeneticPerturbation
from pertdb import PerturbationTarget as PerturbationTarget
