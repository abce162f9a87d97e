"""Small datasets in memory, as CELLxGENE and SpatialData have them."""

__all__ = ["dict_cellxgene_uns", "small_dataset3_cellxgene", "spatialdata_blobs"]

_CELLS = ("barcode1", "barcode2", "barcode3")
_GENES = {"ENSG00000000457": (2, 3, 3), "ENSG00000000419": (3, 4, 5), "ENSG00000139618": (4, 2, 3)}
_OBS = {
    "disease_ontology_term_id": ["MONDO:0004975", "MONDO:0004980", "MONDO:0004980"],
    "development_stage_ontology_term_id": ["unknown"] * 3,
    "sex_ontology_term_id": ["PATO:0000383", "PATO:0000384", "unknown"],
    "tissue_ontology_term_id": ["UBERON:0002048", "UBERON:0002048", "UBERON:0000948"],
    "cell_type": ["T cell", "B cell", "B cell"],
    "self_reported_ethnicity": ["South Asian"] * 3,
    "donor_id": ["-1", "1", "2"],
    "is_primary_data": [False] * 3,
    "suspension_type": ["cell"] * 3,
    "tissue_type": ["tissue"] * 3,
}
_OBS_OF_ALL = {  # what with_obs_defaults adds
    "cell_type_ontology_term_id": ["CL:0000084", "CL:0000236", "CL:0000236"],
    "self_reported_ethnicity_ontology_term_id": ["na"] * 3,
    "assay_ontology_term_id": ["EFO:1001982"] * 3,
    "assay": ["single-cell RNA sequencing"] * 3,
}


def _library(diameter, scale, images):
    return {"images": images, "scalefactors": {"spot_diameter_fullres": diameter, "tissue_hires_scalef": scale}}


def small_dataset3_cellxgene(otype="AnnData", *, with_obs_defaults=False, with_var_typo=False, with_obs_typo=False,
                             with_uns_organism=False, with_uns_spatial=False):  # fmt: skip
    """Three cells with the metadata that CELLxGENE asks for.

    Args:
        otype (str): "AnnData" or "DataFrame".
        with_obs_defaults (bool): with those columns of `obs` that are required but not told by all labs.
        with_var_typo (bool): with a gene that is none.
        with_obs_typo (bool): with a tissue that is none.
        with_uns_organism (bool): the organism is in `uns`, as of schema 6; otherwise in `obs`.
        with_uns_spatial (bool): with the metadata of a slide.

    Returns:
        AnnData | pandas.DataFrame: the dataset.

    Example:

        >>> ln.examples.datasets.small_dataset3_cellxgene().shape
        (3, 3)
    """
    import numpy
    import pandas

    obs = pandas.DataFrame(_OBS, index=list(_CELLS))
    if with_obs_typo:
        obs["tissue_ontology_term_id"] = obs["tissue_ontology_term_id"].replace("UBERON:0002048", "UBERON:0002048XXX")
    obs["donor_id"] = obs["donor_id"].astype("category")
    first, *others = _GENES
    genes = ["invalid_ensembl_id" if with_var_typo else first, *others]
    counts = pandas.DataFrame(dict(zip(genes, _GENES.values())), index=list(_CELLS), dtype="float32")
    if otype == "DataFrame":
        return pandas.concat([counts, obs], axis=1)
    if otype != "AnnData":
        raise ValueError(f"otype is {otype!r} but has to be 'AnnData' or 'DataFrame'")
    import anndata

    adata = anndata.AnnData(counts, obs=obs, var=pandas.DataFrame(index=genes))
    adata.raw = adata.copy()  # CELLxGENE asks for the counts as they were
    adata.var["feature_is_filtered"] = False
    adata.uns["title"] = "CELLxGENE example"
    adata.obsm["X_pca"] = numpy.array([[-1.2, 0.8], [0.5, -0.3], [0.7, -0.5]], dtype="float32")
    if with_obs_defaults:
        for column, values in _OBS_OF_ALL.items():
            adata.obs[column] = values
    if with_uns_organism:
        adata.uns["organism_ontology_term_id"] = "NCBITaxon:9606"
        adata.uns["organism"] = "Homo sapiens"
    else:
        adata.obs["organism_ontology_term_id"] = "NCBITaxon:9606"
    if with_uns_spatial:
        picture = numpy.zeros((2000, 2000, 3), dtype=numpy.uint8)
        adata.uns["spatial"] = {"is_single": True, "library_123": _library(165.0, 0.5, {"hires": picture})}
    return adata


def dict_cellxgene_uns():
    """`uns` of a dataset of CELLxGENE with two slides (dict).

    Example:

        >>> sorted(ln.examples.datasets.dict_cellxgene_uns()["spatial"])
        ['is_single', 'library_1', 'library_2']
    """
    return {
        "organism_ontology_term_id": "NCBITaxon:9606",
        "spatial": {
            "is_single": True,
            "library_1": _library(89.43, 0.177, {"fullres": "path/to/fullres.jpg", "hires": "path/to/hires.jpg"}),
            "library_2": _library(120.34, 0.355, {"fullres": "path/to/fullres_2.jpg", "hires": "path/to/hires_2.jpg"}),
        },
    }


def spatialdata_blobs():
    """The blobs of `spatialdata.datasets`, with metadata in `attrs` and genes, one of which does not exist (SpatialData).

    Example::

        ln.examples.datasets.spatialdata_blobs()
    """
    import pandas
    from spatialdata.datasets import blobs

    sdata = blobs()
    sdata.attrs["bio"] = {"disease": "Alzheimer disease", "developmental_stage": "adult stage"}
    sdata.attrs["tech"] = {"assay": "Visium Spatial Gene Expression"}
    sdata.attrs["random_int"] = 20
    table = sdata.tables["table"]
    table.var.index = ["ENSG00000139618", "ENSG00000157764", "ENSG00000999999"]
    table.obs["sample_region"] = pandas.Categorical(["sample region 1"] * 13 + ["sample region 2"] * (table.n_obs - 13))
    return sdata
