"""Datasets and files of every format: saved, described and loaded again."""

import gzip
import json
import pickle

import pytest

pd = pytest.importorskip("pandas")


@pytest.fixture
def table():
    return pd.DataFrame({"n": [1, 2, 3], "text": ["a", "b", "c"], "x": [0.5, 1.5, 2.5]})


def kept(ln, artifact):
    """What is loaded once it is saved; the artifact goes."""
    artifact.save()
    stored = ln.Artifact.get(artifact.uid)
    loaded = stored.load()
    facts = (stored.suffix, stored.kind, stored.otype, stored.n_observations, stored.n_files)
    stored.delete(permanent=True)
    return loaded, facts


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".tsv", ".feather", ".jsonl"])
@pytest.mark.parametrize("library", ["pandas", "polars", "lazy", "pyarrow"])
def test_tables(ln, table, suffix, library):
    if library == "pyarrow":
        data = pytest.importorskip("pyarrow").Table.from_pandas(table)
    elif library == "pandas":
        data = table
    else:
        data = pytest.importorskip("polars").from_pandas(table)
        data = data.lazy() if library == "lazy" else data
    kwargs = {"csv_kwargs": {"index": False}} if library == "pandas" else {}
    artifact = ln.Artifact.from_dataframe(data, key=f"formats/{library}{suffix}", **kwargs)
    assert artifact.load() is data, "until it is saved, it is what was passed"
    loaded, facts = kept(ln, artifact)
    pd.testing.assert_frame_equal(loaded, table)
    assert facts == (suffix, "dataset", "DataFrame", 3, None)


def test_files_of_text(ln, tmp_path):
    def loaded(name, text):
        (tmp_path / name).write_text(text)
        return kept(ln, ln.Artifact(tmp_path / name, key=f"formats/{name}"))[0]

    assert loaded("a.json", '{"a": [1, 2]}') == {"a": [1, 2]} and loaded("a.yaml", "b: [3]") == {"b": [3]}
    assert loaded("a.fasta", ">s\nACGT\n") == ">s\nACGT\n" and loaded("a.txt", "text") == "text"
    assert loaded("a.csv", "a,b\n1,2\n")["b"].to_list() == [2] and loaded("a.tsv", "a\tb\n1\t2\n")["b"].to_list() == [2]
    for name in ("a.png", "a.html", "a.svg"):
        assert str(loaded(name, f"<{name}>")).endswith(name[1:]), "shown in notebooks, elsewhere a path"
    with gzip.open(tmp_path / "z.csv.gz", "wt") as file:
        file.write("a,b\n1,2\n")
    assert kept(ln, ln.Artifact(tmp_path / "z.csv.gz", key="formats/z.csv.gz"))[0]["b"].to_list() == [2]


@pytest.mark.parametrize("name", ["a.fastq", "a.bam", "a.pkl", "a.pt", "a.npy", "a.zip"])
def test_what_stays_opaque_is_never_executed(ln, tmp_path, name):
    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "executed"), "w"))

    (tmp_path / name).write_bytes(pickle.dumps(Evil()))
    artifact = ln.Artifact(tmp_path / name, key=f"formats/{name}").save()
    with pytest.raises(NotImplementedError, match="cache"):
        artifact.load()
    assert artifact.cache().exists() and not (tmp_path / "executed").exists()
    artifact.delete(permanent=True)


@pytest.fixture
def adata():
    anndata, numpy = pytest.importorskip("anndata"), pytest.importorskip("numpy")
    return anndata.AnnData(numpy.array([[1.0, 0.0], [2.0, 3.0], [0.0, 4.0]], dtype="float32"), obs=pd.DataFrame({"b": ["x", "y", "x"]}, index=["c1", "c2", "c3"]))


@pytest.mark.parametrize("form", ["h5ad", "zarr", "zarr v2", "anndata.zarr", "h5ad.gz"])
def test_anndata(ln, adata, tmp_path, form):
    if form == "h5ad.gz":
        adata.write_h5ad(tmp_path / "a.h5ad")
        with gzip.open(tmp_path / "a.h5ad.gz", "wb") as file:
            file.write((tmp_path / "a.h5ad").read_bytes())
        artifact = ln.Artifact(tmp_path / "a.h5ad.gz", key="formats/a.h5ad.gz")
    elif form == "zarr v2":
        import anndata

        before, anndata.settings.zarr_write_format = anndata.settings.zarr_write_format, 2
        try:
            artifact = ln.Artifact.from_anndata(adata, key="formats/v2.zarr")
        finally:
            anndata.settings.zarr_write_format = before
    else:
        artifact = ln.Artifact.from_anndata(adata, key=f"formats/a.{form}")
    loaded, facts = kept(ln, artifact)
    assert loaded.shape == (3, 2) and loaded.obs["b"].to_list() == ["x", "y", "x"] and (loaded.X == adata.X).all()
    if form != "h5ad.gz":
        assert facts[:4] == ("." + form.split()[0], "dataset", "AnnData", 3) and (facts[4] is None) == (form == "h5ad")


@pytest.mark.parametrize("form", ["h5mu", "zarr"])
def test_mudata(ln, adata, form):
    mudata = pytest.importorskip("mudata")
    data = mudata.MuData({"rna": adata.copy(), "adt": adata.copy()})
    loaded, facts = kept(ln, ln.Artifact.from_mudata(data, key=f"formats/m.{form}"))
    assert type(loaded).__name__ == "MuData" and loaded.n_obs == 3 and facts[:4] == ("." + form, "dataset", "MuData", 3)
    with pytest.raises(ValueError, match="MuData object or a path to MuData-like"):
        ln.Artifact.from_mudata(adata)


def test_an_object_says_how_it_may_be_written(ln, adata, table):
    with pytest.raises(ValueError, match="Error when specifying AnnData storage format"):
        ln.Artifact.from_anndata(adata, key="formats/a.def")
    with pytest.raises(ln.errors.InvalidArgument, match="The passed key's suffix"):
        ln.Artifact.from_anndata(adata, key="formats/a")
    with pytest.raises(ln.errors.InvalidArgument, match="The passed key's suffix '.xyz' must match the passed path's suffix '.parquet'"):
        ln.Artifact.from_dataframe(table, key="formats/a.xyz")


def test_a_zarr_folder_of_something_else_is_no_dataset(ln, tmp_path):
    (tmp_path / "g.zarr").mkdir()
    (tmp_path / "g.zarr/zarr.json").write_text(json.dumps({"zarr_format": 3, "node_type": "group", "attributes": {}}))
    artifact = ln.Artifact(tmp_path / "g.zarr", key="formats/g.zarr").save()
    with pytest.raises(ValueError, match="neither an AnnData, a MuData nor a SpatialData"):
        artifact.load()
    artifact.delete(permanent=True)
