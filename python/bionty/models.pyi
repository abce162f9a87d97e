# `bionty.models` for type checkers.
from bionty import CellLine as CellLine
from bionty import CellMarker as CellMarker
from bionty import CellType as CellType
from bionty import DevelopmentalStage as DevelopmentalStage
from bionty import Disease as Disease
from bionty import Ethnicity as Ethnicity
from bionty import ExperimentalFactor as ExperimentalFactor
from bionty import Gene as Gene
from bionty import Organism as Organism
from bionty import Pathway as Pathway
from bionty import Phenotype as Phenotype
from bionty import Protein as Protein
from bionty import Source as Source
from bionty import Tissue as Tissue
from lamindb._typed import BioRecord as BioRecord
