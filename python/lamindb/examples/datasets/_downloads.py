"""Real datasets, downloaded from where LaminDB keeps them into the working directory."""

import urllib.error
import urllib.request
from pathlib import Path

from lamindb._process.classes import class_of
from lamindb._process.paths import upath
from lamindb.errors import Unavailable

_TEST = "https://lamindb-test.s3.amazonaws.com/"
# The name of a file here: where it is.
_ADDRESSES = {
    "example.fcs": "https://lamindb-dev-datasets.s3.amazonaws.com/.lamindb/DBNEczSgBui0bbzBXMGH.fcs",
    "Alpert19.fcs": _TEST + "Alpert19-070314-Mike-Study+15-2013-plate+1-15-004-1-13_cells_found.fcs",
    "paradisi05_laminopathic_nuclei.jpg": _TEST + "Laminopathic_nuclei.jpg",
    "salmon.merged.gene_counts.tsv": _TEST + "salmon.merged.gene_counts.tsv",
    "F121_LP1_4LIV.tiff": _TEST + "F121_LP1_4LIV.tiff",
    "E-MTAB-8414.h5ad": _TEST + "E-MTAB-8414.h5ad",
    "scrnaseq_pbmc68k_tiny.h5ad": "https://lamindb-dev-datasets.s3.amazonaws.com/scrnaseq_pbmc68k_tiny.h5ad",
    "pbmc68k_test.h5ad": _TEST + "pbmc68k_test.h5ad",
    "scrnaseq_scanpy_pbmc3k_processed.h5ad": _TEST + "scrnaseq_scanpy_pbmc3k_processed.h5ad",
    "human_immune.h5ad": _TEST + "human_immune.h5ad",
    "Visium10X_data_LI_subset.h5ad": _TEST + "suo22_Visium10X_data_LI_subset.h5ad",
    "papalexi21_subset.h5mu": _TEST + "papalexi21_subset_200x300_lamindb_demo_2023-07-25.h5mu",
    "iris.parquet": _TEST + "iris.parquet",
    "schmidt22-crispra-gws-IFNG.csv": _TEST + "schmidt22-crispra-gws-IFNG.csv",
    "schmidt22_perturbseq.h5ad": _TEST + "schmidt22_perturbseq.h5ad",
    "zhang_2024_pcw56_visium.h5ad": "https://datasets.cellxgene.cziscience.com/74f5c380-081f-41e4-9f05-346831fb67e8.h5ad",
}


def _file(name, folder="."):
    """The path of a file, downloaded as a whole or not at all."""
    path, part = Path(folder) / name, Path(folder) / f"{name}.part"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        urllib.request.urlretrieve(_ADDRESSES[name], part)
    except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
        part.unlink(missing_ok=True)
        raise Unavailable(
            f"{name} is downloaded from {_ADDRESSES[name]}, which does not answer: {getattr(error, 'reason', error)}. Check the network; "
            "small_dataset1() and mini_immuno.get_dataset1() need none"
        ) from error
    return part.replace(path)


def _anndata(name, folder="."):
    path = _file(name, folder)
    import anndata

    return anndata.read_h5ad(path)


def _register(**values):
    """Saves the terms that public ontologies have: {"bionty.CellType": (field, values)}."""
    for registry, (field, names) in values.items():
        model = class_of(registry.replace("__", "."))
        model.from_values(list(dict.fromkeys(names)), field=getattr(model, field)).save()


def file_fcs():
    """A file of a flow cytometer (a Path).

    Example::

        ln.examples.datasets.file_fcs()
    """
    return _file("example.fcs")


def file_fcs_alpert19(populate_registries=False):
    """A file of a flow cytometer, of Alpert et al. 2019.

    Args:
        populate_registries (bool): register its assay.

    Returns:
        Path: where it is.

    Example::

        ln.examples.datasets.file_fcs_alpert19()
    """
    path = _file("Alpert19.fcs")
    if populate_registries:
        _register(bionty__ExperimentalFactor=("name", ["fluorescence-activated cell sorting"]))
    return path


def file_jpg_paradisi05():
    """A picture of nuclei, of Paradisi et al. 2005 (a Path).

    Example::

        ln.examples.datasets.file_jpg_paradisi05()
    """
    return _file("paradisi05_laminopathic_nuclei.jpg")


def file_tiff_suo22():
    """A picture of a liver, of Suo et al. 2022 (a Path).

    Example::

        ln.examples.datasets.file_tiff_suo22()
    """
    return _file("F121_LP1_4LIV.tiff", "suo22")


def file_tsv_rnaseq_nfcore_salmon_merged_gene_counts(populate_registries=False):
    """Counts of genes by the pipeline nf-core/rnaseq.

    Args:
        populate_registries (bool): register its assay.

    Returns:
        Path: where it is.

    Example::

        ln.examples.datasets.file_tsv_rnaseq_nfcore_salmon_merged_gene_counts()
    """
    path = _file("salmon.merged.gene_counts.tsv")
    if populate_registries:
        _register(bionty__ExperimentalFactor=("ontology_id", ["EFO:0008896"]))
    return path


def dir_iris_images():
    """A folder in the cloud with pictures and measurements of iris flowers (a UPath).

    Example::

        ln.examples.datasets.dir_iris_images()
    """
    return upath("s3://lamindata/iris_studies")


def anndata_mouse_sc_lymph_node(populate_registries=False):
    """Cells of lymph nodes of mice, 10,000 genes, of E-MTAB-8414.

    Args:
        populate_registries (bool): register its assays, tissues and cell types.

    Returns:
        AnnData: the dataset.

    Example::

        ln.examples.datasets.anndata_mouse_sc_lymph_node()
    """
    adata = _anndata("E-MTAB-8414.h5ad")
    names = {column: _short(column) for column in adata.obs.columns}
    left_out = ("ontology_id", "Factor Value", "strain")
    adata.obs = adata.obs.rename(columns=names)[[name for name in names.values() if not name.startswith(left_out)]]
    if populate_registries:
        _register(
            bionty__ExperimentalFactor=("ontology_id", ["EFO:0004472", "EFO:0001272", "EFO:0008913"]),
            bionty__Tissue=("ontology_id", ["UBERON:0001542"]),
            bionty__CellType=("ontology_id", ["CL:0000115", "CL:0000738"]),
        )
    return adata


def _short(column):
    """A column of ArrayExpress by a short name: "Sample Characteristic[organism part]" -> "tissue"."""
    column = column.replace("Sample Characteristic", "").replace(" Ontology Term[", "ontology_id:").strip("[]")
    return {"organism part": "tissue", "developmental stage": "developmental_stage", "cell type": "cell_type"}.get(column, column)


def anndata_pbmc68k_reduced():
    """70 blood cells with 765 genes, of the dataset that scanpy calls pbmc68k_reduced (AnnData).

    Example::

        ln.examples.datasets.anndata_pbmc68k_reduced()
    """
    return _anndata("scrnaseq_pbmc68k_tiny.h5ad")


def anndata_file_pbmc68k_test():
    """The path of an h5ad file with something in each of its slots.

    Example::

        ln.examples.datasets.anndata_file_pbmc68k_test()
    """
    return _file("pbmc68k_test.h5ad")


def anndata_pbmc3k_processed():
    """2,638 blood cells, of the dataset that scanpy calls pbmc3k_processed (AnnData).

    Example::

        ln.examples.datasets.anndata_pbmc3k_processed()
    """
    adata = _anndata("scrnaseq_scanpy_pbmc3k_processed.h5ad")
    adata.obs = adata.obs.rename(columns={"louvain": "cell_type"})
    return adata


def anndata_human_immune_cells(populate_registries=False):
    """Immune cells of several tissues, a sample of a collection of CELLxGENE.

    Args:
        populate_registries (bool): register its genes, cell types, assays and tissues.

    Returns:
        AnnData: the dataset.

    Example::

        ln.examples.datasets.anndata_human_immune_cells()
    """
    adata = _anndata("human_immune.h5ad")
    adata.var = adata.var.drop(columns=["gene_symbols", "feature_name"])
    for key in ("cell_type_ontology_term_id_colors", "title", "schema_version"):
        adata.uns.pop(key)
    obs = adata.obs.rename(columns={"donor_id": "donor"})
    adata.obs = obs[[column for column in obs.columns if "ontology_term" not in column]]
    if populate_registries:
        _register(
            bionty__Gene=("ensembl_gene_id", adata.var_names), bionty__CellType=("name", obs["cell_type"]),
            bionty__ExperimentalFactor=("name", obs["assay"]), bionty__Tissue=("name", obs["tissue"]),
        )  # fmt: skip
    return adata


def anndata_suo22_Visium10X():
    """Spots of a slide of a liver, of Suo et al. 2022 (AnnData).

    Example::

        ln.examples.datasets.anndata_suo22_Visium10X()
    """
    return _anndata("Visium10X_data_LI_subset.h5ad", "suo22")


def anndata_visium_mouse_cellxgene():
    """Spots of slides of the thymus of mice, valid by schema 7.0.0 of CELLxGENE (AnnData).

    Example::

        ln.examples.datasets.anndata_visium_mouse_cellxgene()
    """
    return _anndata("zhang_2024_pcw56_visium.h5ad")


_OF_MODALITY = ("rna", "adt", "hto", "gdo")
_KEPT = ("perturbation", "replicate")  # columns of obs of the MuData that all modalities share


def mudata_papalexi21_subset(with_uns=False):
    """200 cells with RNA, proteins, hashtags and guides, of Papalexi et al. 2021.

    Args:
        with_uns (bool): with metadata in `uns` of the dataset and of its RNA.

    Returns:
        MuData: the dataset.

    Example::

        ln.examples.datasets.mudata_papalexi21_subset()
    """
    path = _file("papalexi21_subset.h5mu")
    import mudata

    mdata = mudata.read_h5mu(path)
    mdata.pull_obs()
    obs = mdata.obs.copy()
    for name in _OF_MODALITY:  # each column is in the file several times: it is kept where it belongs
        own = {c: c.removeprefix(f"{name}:") for c in obs.columns if c.endswith(f"_{name.upper()}")}
        if name == "rna":
            own |= {c: "percent.mito" for c in obs.columns if c.rpartition(":")[2] == "percent.mito"}
        mdata[name].obs = obs[list(own)].rename(columns=own).loc[:, lambda df: ~df.columns.duplicated()]
    shared = {c: c.rpartition(":")[2] for c in obs.columns if c.rpartition(":")[2] in _KEPT}
    mdata.obs = obs[list(shared)].rename(columns=shared).loc[:, lambda df: ~df.columns.duplicated()]
    mdata["hto"].obs["technique"] = "cell hashing"
    mdata["hto"].obs["technique"] = mdata["hto"].obs["technique"].astype("category")
    if with_uns:
        mdata.uns["study_metadata"] = {"temperature": 21.6, "experiment": "Experiment 1"}
        mdata["rna"].uns["site_metadata"] = {"pos": 99.9, "site_id": "SITE001"}
    return mdata


def df_iris():
    """150 flowers of three species of iris, of Fisher 1936 (pandas.DataFrame).

    Example::

        ln.examples.datasets.df_iris()
    """
    path = _file("iris.parquet")
    import pandas

    return pandas.read_parquet(path)


def df_iris_in_meter():
    """The flowers of `df_iris`, in meters and with the names of their species (pandas.DataFrame).

    Example::

        ln.examples.datasets.df_iris_in_meter()
    """
    df = df_iris()
    lengths = [column for column in df.columns if column.endswith(" (cm)")]
    df[lengths] = df[lengths] / 100
    df["iris_organism_name"] = df.pop("target").map(dict(enumerate(("setosa", "versicolor", "virginica"))))
    return df.rename(columns={column: column.removesuffix(" (cm)").replace(" ", "_") for column in lengths})


def df_iris_in_meter_study1():
    """The first half of `df_iris_in_meter` (pandas.DataFrame).

    Example::

        ln.examples.datasets.df_iris_in_meter_study1()
    """
    df = df_iris_in_meter()
    return df.iloc[: len(df) // 2]


def df_iris_in_meter_study2():
    """The second half of `df_iris_in_meter` (pandas.DataFrame).

    Example::

        ln.examples.datasets.df_iris_in_meter_study2()
    """
    df = df_iris_in_meter()
    return df.iloc[len(df) // 2 :]


def schmidt22_crispra_gws_IFNG(basedir="."):
    """Hits of a CRISPR screen, of Schmidt et al. 2022.

    Args:
        basedir (str | PathLike): the folder for the file.

    Returns:
        Path: the CSV file.

    Example::

        ln.examples.datasets.schmidt22_crispra_gws_IFNG()
    """
    return _file("schmidt22-crispra-gws-IFNG.csv", basedir)


def schmidt22_perturbseq(basedir="."):
    """Perturbed T cells, a sample, of Schmidt et al. 2022.

    Args:
        basedir (str | PathLike): the folder for the file.

    Returns:
        Path: the h5ad file.

    Example::

        ln.examples.datasets.schmidt22_perturbseq()
    """
    return _file("schmidt22_perturbseq.h5ad", basedir)
