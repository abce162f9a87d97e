"""`lamin curate --fix` and `--write` of stores with several tables, and tables larger than memory."""
import json
import shutil
import subprocess
import sys
import warnings

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
from test_curate_files import CORRUPT, INVALID, UNSUPPORTED, VALID, cells, report, spatial, world, write  # noqa: F401

TYPES = ["T lymphocyte", "B cell", "t cell"]
MENDED = ["T cell", "B cell", "T cell"]


def tree(path):
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_a_zarr_store_is_mended(world, zarr_format):  # noqa: F811
    path, copy = world.folder / f"mend{zarr_format}.zarr", world.folder / f"mended{zarr_format}.zarr"
    adata = cells(TYPES, n=[1, 2, 3], text=["a", "b", "c"])
    before_format, anndata.settings.zarr_write_format = anndata.settings.zarr_write_format, zarr_format
    try:
        adata.write_zarr(path)
    finally:
        anndata.settings.zarr_write_format = before_format
    before = tree(path)
    found = report(world, path, "anndata", VALID, "--fix", "--write", copy)
    assert tree(path) == before, "the input stays as it was"
    assert {(one["from"], one["to"]) for one in found["mended"]} == {("t cell", "T cell"), ("T lymphocyte", "T cell")}
    report(world, path, "anndata", VALID, "--fix")  # in place
    for mended in (copy, path):
        after = anndata.read_zarr(mended)
        assert after.obs["cell_type"].to_list() == MENDED and after.obs["cell_type"].dtype == "category"
        assert list(after.obs.columns) == ["cell_type", "n", "text"] and after.obs["n"].to_list() == [1, 2, 3]
        assert (after.X == adata.X).all() and after.obs_names.to_list() == ["c0", "c1", "c2"]
        report(world, mended, "anndata", VALID)
    assert not [one for one in world.folder.iterdir() if one.name.startswith(".") and "zarr" in one.name]


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_columns_of_every_kind_are_added_to_a_zarr_store(world, zarr_format):  # noqa: F811
    code = """
import lamindb as ln
kinds = {"zadd_n": (int, 7), "zadd_x": (float, 0.5), "zadd_t": (str, "blood"), "zadd_b": (bool, True)}
features = [ln.Feature(name=name, dtype=dtype, default_value=value).save() for name, (dtype, value) in kinds.items()]
obs = ln.Schema(name="zadd obs", features=features).save()
ln.Schema(name="zadd", otype="AnnData", slots={"obs": obs}).save()
"""
    world.python(code)
    path = world.folder / f"add{zarr_format}.zarr"
    before_format, anndata.settings.zarr_write_format = anndata.settings.zarr_write_format, zarr_format
    try:
        cells().write_zarr(path)
    finally:
        anndata.settings.zarr_write_format = before_format
    report(world, path, "zadd", VALID, "--fix")
    obs = anndata.read_zarr(path).obs
    assert list(obs.columns) == ["cell_type", "zadd_b", "zadd_n", "zadd_t", "zadd_x"] or set(obs.columns) >= {"zadd_n", "zadd_x", "zadd_t", "zadd_b"}
    assert obs["zadd_n"].to_list() == [7, 7, 7] and obs["zadd_x"].to_list() == [0.5] * 3
    assert obs["zadd_t"].astype(str).to_list() == ["blood"] * 3 and obs["zadd_b"].to_list() == [True] * 3


def test_modalities_are_mended(world):  # noqa: F811
    mudata = pytest.importorskip("mudata")
    path, copy = world.folder / "mend.h5mu", world.folder / "mended.h5mu"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mudata.MuData({"rna": cells(TYPES), "prot": cells(["x", "y", "z"])}).write(path)
        before = path.read_bytes()
        found = report(world, path, "modal", VALID, "--fix", "--write", copy)
        assert path.read_bytes() == before and {one["slot"] for one in found["mended"]} == {"rna:obs"}
        report(world, path, "modal", VALID, "--fix")
        for mended in (copy, path):
            after = mudata.read_h5mu(mended)
            assert after["rna"].obs["cell_type"].to_list() == MENDED and after["prot"].obs["cell_type"].to_list() == ["x", "y", "z"]


def test_tables_of_spatial_data_are_mended(world):  # noqa: F811
    path = world.folder / "mend_spatial.zarr"
    spatial(str(path), {"sample": {"site": "Berlin"}})
    cells(TYPES).write_zarr(path / "tables" / "cells")
    report(world, path, "spatial", VALID, "--fix")
    assert anndata.read_zarr(path / "tables" / "cells").obs["cell_type"].to_list() == MENDED


def test_what_a_file_cannot_hold_is_said(world):  # noqa: F811
    adata = cells(TYPES)
    adata.uns = {"title": "blood", "study": {"site": "Berlin"}}
    report(world, write(adata, world.folder / "whole.zarr"), "whole", VALID, "--fix")
    path = write(cells(TYPES), world.folder / "rows.zarr")
    world("curate", path, "--schema", "anndata", "--write", world.folder / "w.zarr", "--replace", "obs.nothing:a=b", status=5)
    assert not (world.folder / "w.zarr").exists()


# -- names of rows, and dictionaries ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def named(world):  # noqa: F811
    """Schemas about the names of rows, and about values of dictionaries that are labels."""
    code = """
import lamindb as ln, bionty as bt
human = bt.Organism(name="human", ontology_id="NCBITaxon:9606", scientific_name="homo_sapiens").save()
for symbol in ("CD3E", "CD8A", "MS4A1"): bt.Gene(symbol=symbol, organism=human).save()
bt.Gene.get(symbol="CD8A").add_synonym("p32")
tissue = ln.ULabel(name="tissue", is_type=True).save()
for name in ("lung", "blood"): ln.ULabel(name=name, type=tissue).save()
genes = ln.Schema(name="named genes", itype=bt.Gene.symbol, maximal_set=True).save()
place = ln.Schema(name="named place", features=[ln.Feature(name="place", dtype=tissue).save(),
                                                ln.Feature(name="depth", dtype=int, default_value=3).save()]).save()
ln.Schema(name="named", otype="AnnData", slots={"var.T": genes, "uns:study": place}).save()
ln.Schema(name="named modal", otype="MuData", slots={"rna:var.T": genes, "rna:uns": place}).save()
ln.Schema(name="named spatial", otype="SpatialData", slots={"tables:cells:var.T": genes, "attrs:sample": place}).save()
cell = ln.Feature.get(name="cell_type")
ln.Schema(name="named rows", index=cell, features=[ln.Feature.get(name="n")]).save()
"""
    world.python(code)
    return world


def genes_of(names):
    return anndata.AnnData(np.ones((2, len(names)), dtype="float32"), var=pd.DataFrame({"n": range(len(names))}, index=names))


@pytest.mark.parametrize("name", ["named.h5ad", "named.zarr", "named3.zarr"])
def test_names_of_rows_and_values_of_dictionaries_are_mended(named, name):
    path, copy = named.folder / name, named.folder / ("mended_" + name)
    adata = genes_of(["cd3e", "p32", "MS4A1"])
    adata.uns = {"study": {"place": "Lung", "other": np.arange(3)}, "kept": "as it is"}
    before_format, anndata.settings.zarr_write_format = anndata.settings.zarr_write_format, 3 if "3" in name else 2
    try:
        write(adata, path)
    finally:
        anndata.settings.zarr_write_format = before_format
    found = report(named, path, "named", VALID, "--fix", "--write", copy)
    assert {(one["slot"], one["from"], one["to"]) for one in found["mended"]} == {
        ("var.T", "cd3e", "CD3E"), ("var.T", "p32", "CD8A"), ("uns:study", "Lung", "lung"), ("uns:study", "", "3")}  # fmt: skip
    read = anndata.read_zarr if name.endswith("zarr") else anndata.read_h5ad
    after = read(copy)
    assert after.var_names.to_list() == ["CD3E", "CD8A", "MS4A1"] and after.var["n"].to_list() == [0, 1, 2]
    assert after.uns["study"]["place"] == "lung" and after.uns["study"]["depth"] == 3 and after.uns["kept"] == "as it is"
    assert after.uns["study"]["other"].tolist() == [0, 1, 2] and (after.X == adata.X).all()
    assert read(path).var_names.to_list() == ["cd3e", "p32", "MS4A1"], "the input stays as it was"
    report(named, copy, "named", VALID)


def test_rows_never_get_the_name_of_another(named):
    adata = genes_of(["cd3e", "CD3E", "p32"])
    adata.uns = {"study": {"place": "lung"}}
    path = write(adata, named.folder / "twins.h5ad")
    found = report(named, path, "named", INVALID, "--fix")
    assert anndata.read_h5ad(path).var_names.to_list() == ["cd3e", "CD3E", "CD8A"]
    assert [one["value"] for one in found["problems"][0]["values"]] == ["cd3e"]
    assert any("row 'cd3e' cannot become 'CD3E', since another row has this name" in note for note in found["notes"])
    named("curate", path, "--schema", "named", "--fix", "--replace", "var.T:cd3e=CD3E", status=7)
    assert "another row has this name" in named.said


def test_names_of_modalities_are_mended_in_the_whole_too(named):
    mudata = pytest.importorskip("mudata")
    path = named.folder / "named.h5mu"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rna = genes_of(["cd3e", "CD8A"])
        rna.uns["place"] = "BLOOD"
        mudata.MuData({"rna": rna, "prot": genes_of(["x"])}).write(path)
        report(named, path, "named modal", VALID, "--fix")
        after = mudata.read_h5mu(path)
    assert after["rna"].var_names.to_list() == ["CD3E", "CD8A"] and sorted(after.var_names) == ["CD3E", "CD8A", "x"]
    assert after["rna"].uns["place"] == "blood" and after["rna"].uns["depth"] == 3


def test_attributes_of_spatial_data_are_mended(named):
    path = named.folder / "named_spatial.zarr"
    spatial(str(path), {"sample": {"place": "BLOOD", "note": [1, 2]}})
    genes_of(["cd3e"]).write_zarr(path / "tables" / "cells")
    found = report(named, path, "named spatial", VALID, "--fix")
    assert ("attrs:sample", "BLOOD", "blood") in {(one["slot"], one["from"], one["to"]) for one in found["mended"]}
    assert anndata.read_zarr(path / "tables" / "cells").var_names.to_list() == ["CD3E"]
    assert '"note":[1,2]' in "".join(file.read_text().replace(" ", "") for file in (path / "zarr.json", path / ".zattrs") if file.exists())


def test_an_index_that_is_a_feature_is_mended(named):
    path = named.folder / "rows.parquet"
    pd.DataFrame({"n": [1, 2]}, index=pd.Index(["t cell", "B cell"], name="cell_type")).to_parquet(path)
    found = report(named, path, "named rows", VALID, "--fix")
    assert [(one["column"], one["from"], one["to"]) for one in found["mended"]] == [("index", "t cell", "T cell")]
    assert pd.read_parquet(path).index.to_list() == ["T cell", "B cell"]


# -- size ----------------------------------------------------------------------------------------------------------------------


def peak(world, *words, status):  # noqa: F811
    """The most memory that a command took, in MB."""
    # In a small process, since a child begins with the size of its parent.
    code = "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); " \
           "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"  # fmt: skip
    words = [sys.executable, "-c", code, str(world.lamin), *map(str, words)]
    done = subprocess.run(words, cwd=world.folder, env=world.env, capture_output=True, text=True, check=True)
    returned, used = done.stdout.split()
    assert int(returned) == status, done.stderr
    return float(used)


@pytest.mark.parametrize("name", ["large.csv", "large.csv.gz", "large.parquet"])
def test_memory_does_not_grow_with_the_table(world, name):  # noqa: F811
    rng = np.random.default_rng(0)
    n = 1_500_000
    frame = pd.DataFrame({"cell_type": np.where(np.arange(n) == n - 1, "B cel", "T cell"), "n": np.arange(n)})
    for i in range(4):
        frame[f"x{i}"] = rng.random(n)
    frame["text"] = "sample " + frame["n"].astype(str)
    path = world.folder / name
    if name.endswith("parquet"):
        frame.to_parquet(path, row_group_size=n)
    else:
        frame.to_csv(path, index=False, compression={"method": "gzip", "compresslevel": 1} if name.endswith("gz") else None)
    used = peak(world, "curate", path, "--schema", "table", status=INVALID)
    path.unlink()
    assert used < 200, f"{used:.0f} MB"


@pytest.mark.parametrize("name", ["many.csv", "many.parquet", "many.h5ad", "levels.h5ad", "many.zarr"])
def test_memory_does_not_grow_with_the_number_of_labels(world, name):  # noqa: F811
    n = 1_000_000
    values = np.char.add("cell of donor ", np.arange(n).astype(str)).astype(object)
    values[n // 2] = values[10]
    values[-1] = "t cell"
    frame = pd.DataFrame({"cell_type": pd.Categorical(values) if name.startswith("levels") else values})
    path, schema = world.folder / name, "anndata"
    if name.endswith(("parquet", "csv")):
        schema = "table"
        frame.to_parquet(path) if name.endswith("parquet") else frame.to_csv(path, index=False)
    else:
        frame.index = np.arange(n).astype(str)
        adata = anndata.AnnData(None, obs=frame, var=pd.DataFrame(index=["g"]))
        before, anndata.settings.zarr_write_format = anndata.settings.zarr_write_format, 2
        adata.write_zarr(path, chunks=(100_000, 1)) if name.endswith("zarr") else adata.write_h5ad(path, convert_strings_to_categoricals=False)
        anndata.settings.zarr_write_format = before
    used = peak(world, "curate", path, "--schema", schema, "--report", "json", "--output", path.with_suffix(".json"), status=INVALID)
    found = json.loads(path.with_suffix(".json").read_text())["files"][0]
    assert used < 200, f"{used:.0f} MB"
    (problem,) = found["problems"]
    counts = {one["value"]: one for one in problem["values"]}
    assert counts["cell of donor 10"]["count"] == 2 and counts["cell of donor 10"]["row"] == 10
    assert found["columns"][0]["distinct"] is None and any("more than 65536 values" in note for note in found["notes"])
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def test_types_that_only_the_end_of_a_table_shows(world):  # noqa: F811
    n = 700_000  # 8 MB and more
    code = [f"{i:07d}" for i in range(n)]
    path = world.folder / "late.csv"
    pd.DataFrame({"cell_type": "T cell", "n": [*code[:-1], "A01"], "title": [*[""] * (n - 1), "late"]}).to_csv(path, index=False)
    found = report(world, path, "table", INVALID)
    assert [(one["column"], one["rule"]) for one in found["problems"]] == [("n", "wrong_type")] and found["n_observations"] == n


# -- tables of records, as anndata wrote them until 0.6 ----------------------------------------------------------------------------


def records_of(types):
    """obs with categories in uns, var with texts of a fixed width, X: a store of anndata 0.6."""
    levels = sorted(set(types))
    obs = np.array([(f"c{i}".encode(), levels.index(one), i + 0.5, i % 2 == 0) for i, one in enumerate(types)],
                   dtype=[("index", "S4"), ("cell_type", "i1"), ("score", ">f4"), ("kept", "?")])  # fmt: skip
    var = np.array([("CD3E", 1), ("CD8A", 2)], dtype=[("index", "U6"), ("n", "<i8")])
    return {"obs": obs, "var": var, "X": np.ones((len(types), 2), dtype="float32"), "categories": np.array(levels, dtype="S20")}


def write_records(path, types):
    parts = records_of(types)
    if path.suffix == ".h5ad":
        parts["var"] = parts["var"].astype([("index", "S6"), ("n", "<i8")])  # HDF5 has no such texts
        with h5py.File(path, "w") as file:
            for name in ("obs", "var", "X"):
                file[name] = parts[name]
            file["uns/cell_type_categories"] = parts["categories"]
        return path
    import zarr

    root = zarr.open_group(path, mode="w", zarr_format=2)
    for name in ("obs", "var", "X"):
        root.create_array(name, data=parts[name], chunks=(2,) if name != "X" else (2, 2))
    root.create_group("uns").create_array("cell_type_categories", data=parts["categories"])
    return path


@pytest.mark.parametrize("name", ["old.h5ad", "old.zarr"])
def test_tables_of_records_are_mended(world, name):  # noqa: F811
    path, copy = write_records(world.folder / name, TYPES), world.folder / ("mended_" + name)
    before = tree(path) if path.is_dir() else path.read_bytes()
    found = report(world, path, "anndata", INVALID)
    assert found["n_observations"] == 3 and {one["value"] for one in found["problems"][0]["values"]} == {"t cell", "T lymphocyte"}
    found = report(world, path, "anndata", VALID, "--fix", "--write", copy)
    assert {(one["from"], one["to"]) for one in found["mended"]} == {("t cell", "T cell"), ("T lymphocyte", "T cell")}
    assert before == (tree(path) if path.is_dir() else path.read_bytes()), "the input stays as it was"
    report(world, path, "anndata", VALID, "--fix")  # in place
    for mended in (copy, path):
        report(world, mended, "anndata", VALID)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            after = anndata.read_zarr(mended) if path.is_dir() else anndata.read_h5ad(mended)
        assert after.obs["cell_type"].to_list() == MENDED and after.obs_names.to_list() == ["c0", "c1", "c2"]
        assert after.obs["score"].to_list() == [0.5, 1.5, 2.5] and after.obs["kept"].to_list() == [True, False, True]
        assert after.var_names.to_list() == ["CD3E", "CD8A"] and after.var["n"].to_list() == [1, 2] and (after.X == 1).all()


@pytest.mark.parametrize("harm", ["short", "missing", "several", "twice", "name"])
def test_damaged_tables_of_records_are_told(world, harm):  # noqa: F811
    path = write_records(world.folder / f"harm_{harm}.zarr", TYPES)
    about = path / "obs" / ".zarray"
    whole = json.loads(about.read_text())
    if harm == "short":
        whole["compressor"] = None
        (path / "obs" / "0").write_bytes(b"abc")
    if harm == "missing":
        (path / "obs" / "1").unlink()
    if harm == "several":
        whole["dtype"][1].append([2])
    if harm == "twice":
        whole["dtype"][2][0] = "cell_type"
    if harm == "name":
        whole["dtype"][3][0] = "../../outside"
    about.write_text(json.dumps(whole))
    words = {"short": "bytes instead of", "missing": "its chunk '1' is missing",
             "several": "with several values", "twice": "two of its fields are called", "name": "outside"}
    status = {"short": CORRUPT, "missing": CORRUPT, "several": UNSUPPORTED, "twice": CORRUPT, "name": INVALID}[harm]
    said = world("curate", path, "--schema", "anndata", "--fix", status=status) + world.said
    assert words[harm] in said and not (world.folder.parent / "outside").exists()
