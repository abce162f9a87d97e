"""Curators of objects of several tables: which slots there are, what is said of them, what is changed and saved."""

import pytest

pandas = pytest.importorskip("pandas")


@pytest.fixture(scope="module")
def cells(ln, bt):
    bt.CellType(name="curated T cell", ontology_id="CL:7000001", synonyms="curated T-cell").save()
    bt.CellType(name="curated B cell", ontology_id="CL:7000002").save()
    return bt.CellType


@pytest.fixture(scope="module")
def schema_of(ln):
    """A saved schema of features, {name: dtype or (dtype, options)}."""

    def make(features, **given):
        made = []
        for name, dtype in features.items():
            dtype, options = dtype if isinstance(dtype, tuple) else (dtype, {})
            made.append(ln.Feature(name=name, dtype=dtype, **options).save())
        return ln.Schema(made, **given).save()

    return make


@pytest.fixture
def adata():
    import anndata
    import numpy

    obs = pandas.DataFrame({"ad_cell": pandas.Categorical(["curated T cell", "curated B cell"])}, index=["c1", "c2"])
    made = anndata.AnnData(numpy.ones((2, 1), "f4"), obs=obs, var=pandas.DataFrame(index=["ENSG1"]))
    made.uns["study"] = {"ad_temperature": 21.6, "counts": numpy.zeros((1000, 50)), "site": {"ad_place": "A"}}
    return made


def test_slots_of_an_anndata_object(ln, cells, schema_of, adata):
    obs = schema_of({"ad_cell": cells}, name="obs of adata")
    study = schema_of({"ad_temperature": float}, name="study of adata")
    site = schema_of({"ad_place": str}, name="site of adata")
    slots = {"obs": obs, "uns:study": study, "uns:study:site": site}
    schema = ln.Schema(otype="AnnData", slots=slots, name="slots of adata").save()
    curator = ln.curators.AnnDataCurator(adata, schema)
    assert set(curator.slots) == set(slots) and "slots: ['obs'" in repr(curator)
    curator.validate()
    artifact = curator.save_artifact(key="curated/slots.h5ad")
    assert set(artifact.features.slots) == set(slots)
    artifact.delete(permanent=True)
    adata.uns["study"]["ad_temperature"] = "warm"
    adata.obs["ad_cell"] = pandas.Categorical(["curated T-cell", "nothing"])
    with pytest.raises(ln.errors.ValidationError) as error:
        ln.curators.AnnDataCurator(adata, schema).validate()
    said = str(error.value)
    assert "expected series 'ad_temperature' to have type float, got str in slot 'uns:study'" in said
    assert "2 terms not validated in feature 'ad_cell' in slot 'obs'" in said and "curator.slots['obs'].cat.standardize" in said


def test_slots_that_are_not_there_say_what_is(ln, schema_of, adata):
    part = schema_of({"ad_temperature": float}, name="study of adata")
    for slot, said in (
        ("uns:nothing", r"requires keys uns\['nothing'\] but key 'nothing' not found. Available keys at this level: \['study'\]"),
        ("uns:study:ad_temperature:x", r"Available keys at this level: none \(not a dict\)"),
        ("uns:study:ad_temperature", "checks the keys of a dictionary"),
    ):
        schema = ln.Schema(otype="AnnData", slots={slot: part}).save()
        with pytest.raises(ln.errors.InvalidArgument, match=said):
            ln.curators.AnnDataCurator(adata, schema)
    with pytest.raises(ValueError, match="only supports the slots"):
        ln.curators.AnnDataCurator(adata, ln.Schema(otype="AnnData", slots={"obsm": part}).save())
    with pytest.raises(ln.errors.InvalidArgument, match="Schema otype must be 'AnnData'"):
        ln.curators.AnnDataCurator(adata, part)
    with pytest.raises(ln.errors.InvalidArgument, match="AnnData-like"):
        ln.curators.AnnDataCurator(pandas.DataFrame(), ln.Schema(otype="AnnData", slots={"obs": part}).save())


def test_attrs_of_a_table(ln, schema_of):
    attrs = schema_of({"attr_temperature": float}, name="attrs")
    deep = schema_of({"attr_place": str}, name="deep attrs")
    schema = schema_of({"attr_n": int}, slots={"attrs": attrs, "attrs:site": deep}, otype="DataFrame", name="with attrs")
    df = pandas.DataFrame({"attr_n": [1]})
    df.attrs = {"attr_temperature": 21.6, "site": {"attr_place": "A"}}
    artifact = ln.curators.DataFrameCurator(df, schema).save_artifact(key="curated/attrs.parquet")
    assert set(artifact.features.slots) == {"columns", "attrs", "attrs:site"}
    artifact.delete(permanent=True)
    df.attrs["site"]["attr_place"] = 7
    with pytest.raises(ln.errors.ValidationError, match="'attr_place' failed dtype check for 'str'.*in slot 'attrs:site'"):
        ln.curators.DataFrameCurator(df, schema).validate()
    other = schema_of({"attr_n": int}, slots={"index": attrs}, otype="DataFrame", name="with index slot")
    with pytest.raises(ValueError, match="Slot 'index' is not supported for DataFrameCurator. Must be 'attrs'."):
        ln.curators.DataFrameCurator(df, other)


def test_modalities_of_a_mudata_object(ln, cells, schema_of, adata):
    mudata = pytest.importorskip("mudata")
    other = adata.copy()
    other.var_names = ["ENSG2"]
    mdata = mudata.MuData({"rna": adata, "adt": other})
    mdata.obs["md_batch"] = pandas.Series(["a", "b"], index=mdata.obs_names)
    mdata.uns["study"] = {"ad_temperature": 21.6}
    batch = schema_of({"md_batch": str}, name="obs of mudata")
    cell = schema_of({"ad_cell": cells}, name="obs of adata")
    study = schema_of({"ad_temperature": float}, name="study of adata")
    slots = {"obs": batch, "rna:obs": cell, "uns:study": study, "adt:uns:study": study}
    schema = ln.Schema(otype="MuData", slots=slots, name="slots of mudata").save()
    artifact = ln.Artifact.from_mudata(mdata, key="curated/slots.h5mu", schema=schema).save()
    assert artifact.otype == "MuData" and artifact.n_observations == 2 and set(artifact.features.slots) == set(slots)
    assert artifact.load()["rna"].n_obs == 2
    artifact.delete(permanent=True)
    mdata["rna"].obs["ad_cell"] = pandas.Categorical(["curated T-cell", "curated B cell"])
    curator = ln.curators.MuDataCurator(mdata, schema)
    with pytest.raises(ln.errors.ValidationError, match="in slot 'rna:obs'"):
        curator.validate()
    curator.slots["rna:obs"].cat.standardize("ad_cell")
    curator.validate()
    assert list(mdata["rna"].obs["ad_cell"]) == ["curated T cell", "curated B cell"]
    for slot, said in (("none:obs", "Modality 'none' not found"), ("rna:nothing", "Attribute 'nothing' not found")):
        with pytest.raises(ln.errors.InvalidArgument, match=said):
            ln.curators.MuDataCurator(mdata, ln.Schema(otype="MuData", slots={slot: cell}).save())
    with pytest.raises(ln.errors.InvalidArgument, match="MuData-like"):
        ln.curators.MuDataCurator(adata, schema)


class Spatial:
    """What a curator sees of a SpatialData object."""

    def __init__(self, tables=None, attrs=None, images=None):
        self.tables, self.attrs, self.images = tables or {}, attrs or {}, images or {}


def test_tables_and_attrs_of_a_spatialdata_object(ln, cells, schema_of, adata):
    sdata = Spatial({"cells": adata}, {"bio": {"sd_note": "x"}})
    slots = {"attrs:bio": schema_of({"sd_note": str}, name="bio"), "tables:cells:obs": schema_of({"ad_cell": cells}, name="obs of adata")}
    schema = ln.Schema(otype="SpatialData", slots=slots, name="slots of spatial").save()
    curator = ln.curators.SpatialDataCurator(sdata, schema)
    curator.validate()
    adata.obs["ad_cell"] = pandas.Categorical(["curated T cell", "zzzz"])
    sdata.attrs["bio"]["sd_note"] = 1
    with pytest.raises(ln.errors.ValidationError) as error:
        curator.validate()
    assert "in slot 'tables:cells:obs': 'zzzz'" in str(error.value) and "in slot 'attrs:bio'" in str(error.value)
    for slot, said in (("tables:none:obs", "Table 'none' not found"), ("shapes:x:y", "Unrecognized slot format")):
        with pytest.raises(ln.errors.InvalidArgument, match=said):
            ln.curators.SpatialDataCurator(sdata, ln.Schema(otype="SpatialData", slots={slot: slots["attrs:bio"]}).save())


def test_storage_conventions_of_a_spatialdata_object(ln, adata):
    import numpy
    from scipy.sparse import csc_matrix

    class Array:  # of xarray, with chunks of dask
        def __init__(self, extent, chunk):
            self.dims, self.sizes = ("c", "y", "x"), {"c": 1, "y": extent, "x": extent}
            self.data = type("Data", (), {"chunksize": (1, chunk, chunk)})

    sdata = Spatial({"cells": adata}, images={"slide": Array(1024, 256)})
    schema = ln.Schema(name="conventions", otype="SpatialData", itype="Feature", suffix=".zarr").save()
    assert schema.formats.zarr is None
    ln.curators.SpatialDataCurator(sdata, schema).validate()
    schema.formats.zarr = {"multiscales": {"scale": 2}, "chunk_shape": {"y": 512}, "layers": {"csc": "csc_matrix"}, "zarr_format": 3}
    schema.save()
    assert ln.Schema.get(uid=schema.uid).formats.zarr["chunk_shape"] == {"y": 512}
    with pytest.raises(ln.errors.ValidationError) as error:
        ln.curators.SpatialDataCurator(sdata, schema).validate()
    for part in ("Image 'slide' is single-scale", "chunk of 256 along 'y' (extent 1024)", "Table 'cells' has no layer 'csc'"):
        assert part in str(error.value)
    adata.layers["csc"] = numpy.ones((2, 1))
    schema.formats.zarr = {"layers": {"csc": "csc_matrix"}}
    with pytest.raises(ln.errors.ValidationError, match="layer 'csc' is 'array', expected 'csc_matrix'"):
        ln.curators.SpatialDataCurator(sdata, schema).validate()
    adata.layers["csc"] = csc_matrix(numpy.ones((2, 1)))
    ln.curators.SpatialDataCurator(sdata, schema).validate()
    schema.formats.zarr = {"chunk": 1}
    with pytest.raises(ln.errors.InvalidArgument, match="no convention 'chunk'"):
        ln.curators.SpatialDataCurator(sdata, schema).validate()
    with pytest.raises(TypeError, match="dict or None"):
        schema.formats.zarr = [3]


def test_measurements_of_an_experiment(ln, cells, schema_of):
    import pyarrow

    class Table:
        def __init__(self, **columns):
            self._table = pyarrow.table(columns)

        def read(self):
            return self

        def concat(self):
            return self._table

    obs = Table(soma_joinid=[0, 1], obs_id=["c1", "c2"], ad_cell=["curated T cell", "curated typo"])
    var = Table(soma_joinid=[0], var_id=["g1"], so_length=[7])
    experiment = type("Experiment", (), {"obs": obs, "ms": {"RNA": type("Measurement", (), {"var": var})}, "uri": "x"})
    slots = {"obs": schema_of({"ad_cell": cells}, name="obs of adata"), "ms:RNA": schema_of({"so_length": int}, name="var of soma")}
    schema = ln.Schema(otype="tiledbsoma", slots=slots, name="slots of soma").save()
    curator = ln.curators.TiledbsomaExperimentCurator(experiment, schema)
    with pytest.raises(ln.errors.ValidationError, match="'curated typo'"):
        curator.validate()
    assert curator.slots["obs"].cat.non_validated == {"ad_cell": ["curated typo"]}
    with pytest.raises(ln.errors.InvalidArgument, match="SOMAExperiment-like"):
        ln.curators.TiledbsomaExperimentCurator(pandas.DataFrame(), schema)


def test_the_parts_of_a_saved_dataset_by_hand(ln, adata):
    """As in 2024."""
    for name in ("ad_hand", "study"):
        ln.Feature(name=name, dtype=str).save()
    adata.obs["ad_hand"] = "x"
    adata.var.index = ["ad_hand"]
    artifact = ln.Artifact.from_anndata(adata, key="curated/by_hand.h5ad").save()
    artifact.features.add_from_anndata(var_field=ln.Feature.name, uns_field=ln.Feature.name)
    slots = {slot: sorted(schema.members.to_list("name")) for slot, schema in artifact.features.slots.items()}
    assert slots["uns"] == ["study"] and slots["var"] == ["ad_hand"] and "ad_hand" in slots["obs"]
    artifact.delete(permanent=True)
