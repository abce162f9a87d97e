# `import bionty` for type checkers; at run time each name is looked up when it is first used.
from bionty import base as base
from bionty import core as core
from bionty import models as models
from bionty import uids as uids
from lamindb._registries import CellLine as CellLine
from lamindb._registries import CellMarker as CellMarker
from lamindb._registries import CellType as CellType
from lamindb._registries import DevelopmentalStage as DevelopmentalStage
from lamindb._registries import Disease as Disease
from lamindb._registries import Ethnicity as Ethnicity
from lamindb._registries import ExperimentalFactor as ExperimentalFactor
from lamindb._registries import Gene as Gene
from lamindb._registries import Organism as Organism
from lamindb._registries import Pathway as Pathway
from lamindb._registries import Phenotype as Phenotype
from lamindb._registries import Protein as Protein
from lamindb._registries import Source as Source
from lamindb._registries import Tissue as Tissue

class Settings:
    @property
    def organism(self) -> Organism | None: ...
    @organism.setter
    def organism(self, organism: Organism | str | None) -> None: ...

__version__: str
settings: Settings
