"""Makes pbmc68k_typed.h5ad: the cells of pbmc68k_reduced.h5ad with cell types "as a colleague typed them".

    python make_pbmc.py        needs anndata; reads and writes in its own folder

Some names are Cell Ontology's, some are its synonyms, two are misspelt. All else is unchanged.
"""

from pathlib import Path

import anndata

TYPED = {
    "Dendritic": "dendritic cell",
    "CD14+ Monocyte": "CD14-positive monocyte",
    "CD19+ B": "CD19+ B cell",
    "CD4+/CD25 T Reg": "Treg",
    "CD8+ Cytotoxic T": "cytotoxic T cel",
    "CD8+/CD45RA+ Naive Cytotoxic": "naive T cell",
    "CD56+ NK": "NK cell",
    "CD4+/CD45RO+ Memory": "memory T cell",
    "CD34+": "hematopoetic stem cell",
    "CD4+/CD45RA+/CD25- Naive T": "naive T cell",
}

folder = Path(__file__).parent
data = anndata.read_h5ad(folder / "pbmc68k_reduced.h5ad")
data.obs["cell_type"] = data.obs["bulk_labels"].map(TYPED).astype("category")
assert data.obs["cell_type"].notna().all()
data.write_h5ad(folder / "pbmc68k_typed.h5ad", compression="gzip")
