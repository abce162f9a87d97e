"""Allowed values of pertdb's fields."""

from typing import Literal

BiologicType = Literal[
    "control", "protein", "peptide", "antibody", "enzyme", "growth-factor", "cytokine", "hormone", "vaccine",
    "oligonucleotide", "co-culture", "ligand",
]  # fmt: skip
GeneticPerturbationSystem = Literal[
    "control", "CRISPR-Cas9", "CRISPR-Cas13", "CRISPRi", "CRISPRa", "overexpression", "mutant overexpression", "shRNA",
    "siRNA", "transgene", "transient-transfection",
]  # fmt: skip
