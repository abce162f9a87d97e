"""Two small datasets of an experiment with immune cells, and the features and labels that describe them."""

import datetime

from lamindb._process.classes import class_of as _class_of
from lamindb._surface.lazy import public

_CELL_TYPES = {"B cell": "CL:0000236", "T cell": "CL:0000084"}
_GENES = {"CD8A": "ENSG00000153563", "CD4": "ENSG00000010610", "CD14": "ENSG00000170458", "CD38": "ENSG00000004468"}
_OUTDATED_GENE = "ENSG00000278198"
_ABT_CELL = "CD8-positive, alpha-beta T cell"


def define_features_labels():
    """Registers the perturbations, cell types and features of the datasets; safe to run again.

    Example::

        ln.examples.datasets.mini_immuno.define_features_labels()
    """
    label, feature, cell_type = _class_of("Record"), _class_of("Feature"), _class_of("bionty.CellType")
    perturbations = label(name="Perturbations", is_type=True).save()
    for name in ("DMSO", "IFNG"):
        label(name=name, type=perturbations).save()
    for name, identifier in _CELL_TYPES.items():
        cell_type(name=name, ontology_id=identifier).save()
    samples = feature(name="ImmunoSamples", is_type=True).save()
    for name, dtype, options in (
        ("perturbation", perturbations, {}),
        ("cell_type_by_expert", cell_type, {}),
        ("cell_type_by_model", cell_type, {}),
        ("concentration", str, {}),
        ("donor", str, {"nullable": True}),
        ("assay_oid", _class_of("bionty.ExperimentalFactor").ontology_id, {}),
        ("treatment_time_h", "num", {"coerce": True}),
        ("donor_ethnicity", list[_class_of("bionty.Ethnicity")], {}),
    ):
        feature(name=name, dtype=dtype, type=samples, **options).save()


def define_mini_immuno_schema_flexible():
    """The schema "mini_immuno": three required features; other columns are checked if they are features.

    Returns:
        Schema: saved, like its features.

    Example::

        schema = ln.examples.datasets.mini_immuno.define_mini_immuno_schema_flexible()
    """
    define_features_labels()
    feature = _class_of("Feature")
    required = [feature.get(name=name) for name in ("perturbation", "cell_type_by_model", "assay_oid")]
    itype = feature.get(name="ImmunoSamples")
    return _class_of("Schema")(name="mini_immuno", features=required, itype=itype, flexible=True).save()


def get_dataset1(otype="DataFrame", gene_symbols_in_index=False, with_typo=False, with_cell_type_synonym=False,
                 with_cell_type_typo=False, with_gene_typo=False, with_outdated_gene=False, with_wrong_subtype=False,
                 with_index_type_mismatch=False, with_date_as_iso_string=True):  # fmt: skip
    """Three samples with expression values and metadata; each `with_...` but the last puts one mistake into it.

    Args:
        otype (str): "DataFrame", with the metadata of the dataset in `attrs`, or "AnnData", with it in `uns`.
        gene_symbols_in_index (bool): genes by symbol instead of Ensembl identifier.
        with_typo (bool): in a perturbation.
        with_cell_type_synonym (bool): a synonym in place of the name of a cell type.
        with_cell_type_typo (bool): in a cell type.
        with_gene_typo (bool): in a gene.
        with_outdated_gene (bool): an identifier that Ensembl has retired.
        with_wrong_subtype (bool): a label that is no perturbation.
        with_index_type_mismatch (bool): a number among the names of the samples.
        with_date_as_iso_string (bool): the date of the study is a text; otherwise a date.

    Returns:
        pandas.DataFrame | AnnData: the dataset.

    Raises:
        ValueError: `otype` is another one.

    Example:

        >>> len(ln.examples.datasets.mini_immuno.get_dataset1())
        3
    """
    third = "GeneTypo" if with_gene_typo else "CD14" if gene_symbols_in_index else _OUTDATED_GENE if with_outdated_gene else _GENES["CD14"]
    abt_cell = _ABT_CELL.replace("positive", "pos").replace(",", "") if with_cell_type_typo else _ABT_CELL
    columns = {
        **_expression(("CD8A", "CD4"), gene_symbols_in_index, [1, 2, 3], [3, 4, 5]),
        third: [5, 6, 7],
        "perturbation": _categories("DMSO", "IFNJ" if with_typo else "IFNG", "ulabel_but_not_perturbation" if with_wrong_subtype else "DMSO"),
        "sample_note": ["was ok", "looks naah", "pretty! 🤩"],
        "cell_type_by_expert": _categories("B-cell" if with_cell_type_synonym else "B cell", abt_cell, abt_cell),
        "cell_type_by_model": _categories("B cell", "T cell", "T cell"),
        "assay_oid": _categories(*["EFO:0008913"] * 3),
        "concentration": ["0.1%", "200 nM", "0.1%"],
        "treatment_time_h": [24, 24, 6],
        "donor": ["D0001", "D0002", None],
        "donor_ethnicity": [["Chinese", "Singaporean Chinese"], ["Chinese", "Han Chinese"], ["Chinese"]],
    }
    metadata = {
        "temperature": 21.6,
        "experiment": "Experiment 1",
        "date_of_study": _date(2024, 12, 1, with_date_as_iso_string),
        "study_note": "We had a great time performing this study and the results look compelling.",
    }
    index = ["sample1", "sample2", 0 if with_index_type_mismatch else "sample3"]
    return _dataset(columns, index, metadata, otype, not_in_anndata=("donor_ethnicity",))


def get_dataset2(otype="DataFrame", gene_symbols_in_index=False, with_date_as_iso_string=True):
    """Three further samples, with another gene and fewer columns.

    Args:
        otype (str): "DataFrame" or "AnnData".
        gene_symbols_in_index (bool): genes by symbol instead of Ensembl identifier.
        with_date_as_iso_string (bool): the date of the study is a text; otherwise a date.

    Returns:
        pandas.DataFrame | AnnData: the dataset.

    Raises:
        ValueError: `otype` is another one.

    Example:

        >>> list(ln.examples.datasets.mini_immuno.get_dataset2().index)
        ['sample4', 'sample5', 'sample6']
    """
    columns = {
        **_expression(("CD8A", "CD4", "CD38"), gene_symbols_in_index, [2, 3, 3], [3, 4, 5], [4, 2, 3]),
        "perturbation": _categories("DMSO", "IFNG", "IFNG"),
        "cell_type_by_model": _categories("B cell", "T cell", "T cell"),
        "concentration": ["0.1%", "200 nM", "0.1%"],
        "treatment_time_h": [24, 24, 6],
        "donor": ["D0003", "D0003", "D0004"],
    }
    metadata = {
        "temperature": 22.6,
        "experiment": "Experiment 2",
        "date_of_study": _date(2025, 2, 13, with_date_as_iso_string),
    }
    return _dataset(columns, ["sample4", "sample5", "sample6"], metadata, otype)


def _expression(genes, by_symbol, *values):
    return dict(zip(genes if by_symbol else [_GENES[gene] for gene in genes], values))


def _categories(*values):
    import pandas

    return pandas.Categorical(values)


def _date(year, month, day, as_text):
    date = datetime.date(year, month, day)
    return date.isoformat() if as_text else date


def _dataset(columns, index, metadata, otype, not_in_anndata=()):
    """The columns as a data frame, or the first three as the matrix of an AnnData, which cannot hold lists."""
    import pandas

    frame = pandas.DataFrame(columns, index=index)
    if otype == "DataFrame":
        frame.attrs.update(metadata)
        return frame
    if otype != "AnnData":
        raise ValueError(f"otype is {otype!r} but has to be 'DataFrame' or 'AnnData'")
    import anndata

    return anndata.AnnData(frame.iloc[:, :3], obs=frame.iloc[:, 3:].drop(columns=list(not_in_anndata)), uns=metadata)


__getattr__, __dir__ = public(__name__)
