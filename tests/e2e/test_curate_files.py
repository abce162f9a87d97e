"""`lamin curate`: files of every kind are checked where they are, and bad ones are told apart from invalid ones."""
import gzip
import json
import os
import shutil
import subprocess
import sys
import warnings

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest

VALID, INVALID, NOT_FOUND, CORRUPT, UNSUPPORTED = 0, 4, 5, 12, 13
TYPES = ["T cell", "B cell", "monocyte"]
anndata.settings.allow_write_nullable_strings = True


@pytest.fixture(scope="module")
def world(tmp_path_factory, lamin):
    """A folder with an instance: three cell types, of which one has a synonym, and schemas for tables and AnnData."""
    folder = tmp_path_factory.mktemp("curate")
    home = folder / "home"
    home.mkdir()
    env = {**os.environ, "HOME": str(home), "LAMIN_SETTINGS_DIR": str(home)}

    def run(*words, status=VALID):
        done = subprocess.run([str(word) for word in (lamin, *words)], cwd=folder, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == status, f"{words}: {done.returncode}, not {status}: {done.stdout}{done.stderr}"
        run.said = done.stderr
        return done.stdout

    def python(code):
        done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run.folder, run.env, run.lamin, run.python = folder, env, lamin, python
    run("init", "--storage", "st", "--name", "curation", "--modules", "bionty")
    code = f"""
import lamindb as ln, bionty as bt
for name in {TYPES}: bt.CellType(name=name).save()
bt.CellType.get(name="T cell").add_synonym("T lymphocyte")
bt.CellType(name="stem cell", synonyms="mother cell").save()
bt.CellType(name="egg cell", synonyms="mother cell").save()
cell = ln.Feature(name="cell_type", dtype=bt.CellType).save()
n = ln.Feature(name="n", dtype=int).save()
when = ln.Feature(name="when", dtype="date", coerce=True).save()
must = ln.Feature(name="must", dtype=str, nullable=False).save()
table = ln.Schema(name="table", features=[cell, n.with_config(optional=True)]).save()
ln.Schema(name="dated", features=[when]).save()
ln.Schema(name="filled", features=[must]).save()
obs = ln.Schema(name="obs", features=[cell]).save()
ln.Schema(name="anndata", otype="AnnData", slots={{"obs": obs}}).save()
title = ln.Schema(name="title", features=[ln.Feature(name="title", dtype=str).save()]).save()
site = ln.Schema(name="site", features=[ln.Feature(name="site", dtype=str).save()]).save()
ln.Schema(name="whole", otype="AnnData", slots={{"obs": obs, "uns": title, "uns:study": site}}).save()
ln.Schema(name="modal", otype="MuData", slots={{"rna:obs": obs}}).save()
ln.Schema(name="spatial", otype="SpatialData", slots={{"tables:cells:obs": obs, "attrs:sample": site}}).save()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return run


def cells(types=("T cell", "B cell", "T cell"), **columns):
    obs = pd.DataFrame({"cell_type": pd.Categorical(types), **columns}, index=[f"c{i}" for i in range(len(types))])
    return anndata.AnnData(np.ones((len(types), 2), dtype="float32"), obs=obs)


def report(world, path, schema="anndata", status=INVALID, *more):
    """The report of one file."""
    whole = json.loads(world("curate", path, "--schema", schema, "--report", "json", *more, status=status))
    assert whole["n_problems"] == sum(len(file["problems"]) for file in whole["files"])
    assert whole["valid"] == (status == VALID) and whole["schema"] == schema
    return whole["files"][0]


def problem(world, path, schema="anndata"):
    found = report(world, path, schema)["problems"]
    assert len(found) == 1, found
    return found[0]


# -- what is found -------------------------------------------------------------------------------------------------------------


def write(adata, path):
    adata.write_zarr(path) if str(path).endswith(".zarr") else adata.write_h5ad(path)
    return path


@pytest.mark.parametrize("name", ["good.h5ad", "good.zarr"])
def test_valid_files(world, name):
    path = write(cells(), world.folder / name)
    found = report(world, path, status=VALID)
    assert found["otype"] == "AnnData" and (found["n_observations"], found["n_variables"]) == (3, 2)
    assert found["columns"] == [{"slot": "obs", "column": "cell_type", "dtype": "cat[bionty.CellType]", "rows": 3, "missing": 0,
                                 "distinct": 2, "found": True, "valid": True}]  # fmt: skip
    assert 0 < found["bytes_read"] <= found["bytes"], "a small file is read whole, and no byte counts twice"
    assert "valid" in world.said


@pytest.mark.parametrize("name", ["bad.h5ad", "bad.zarr", "bad.csv", "bad.tsv", "bad.csv.gz", "bad.parquet"])
def test_candidates_are_ranked_and_say_why(world, name):
    types = ["t cell", "T lymphocyte", "B cel", "qqqqqq", "mother cell", "B cel", "T cell"]
    path, frame = world.folder / name, pd.DataFrame({"cell_type": types, "n": range(7)})
    if name.endswith(("h5ad", "zarr")):
        write(cells(types), path)
    elif name.endswith("parquet"):
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False, sep="\t" if "tsv" in name else ",")
    found = problem(world, path, "anndata" if name.endswith(("h5ad", "zarr")) else "table")
    values = {value["value"]: value for value in found["values"]}
    assert found["rule"] == "not_registered" and found["column"] == "cell_type" and found["rows"] == 6
    assert found["values"][0]["value"] == "B cel" and (values["B cel"]["count"], values["B cel"]["row"]) == (2, 2)
    whys = {value: [(c["value"], c["why"]) for c in its["candidates"]] for value, its in values.items()}
    assert whys["t cell"] == [("T cell", "letter_case")] and whys["T lymphocyte"] == [("T cell", "synonym")]
    assert whys["B cel"][0] == ("B cell", "similar") and whys["qqqqqq"] == []
    assert whys["mother cell"] == [("stem cell", "synonym"), ("egg cell", "synonym")]
    fixes = {value: its["fix"] for value, its in values.items()}
    assert fixes == {"t cell": "T cell", "T lymphocyte": "T cell", "B cel": None, "qqqqqq": None, "mother cell": None}


def test_text_and_exit_status(world):
    path = write(cells(["B cel", "T cell", "t cell"]), world.folder / "said.h5ad")
    text = world("curate", path, "--schema", "anndata", status=INVALID)
    for part in ("obs.cell_type", "2 values not registered in 2 rows", "'B cel'", "'B cell'", "% alike", "differs in case only", "--fix"):
        assert part in text, (part, text)
    assert world.said.rstrip().endswith("1 problem")
    assert "\033" not in text


def test_html_is_one_page(world):
    path = write(cells(["<b>x</b>", "T cell", "t cell"]), world.folder / "page.h5ad")
    world("curate", path, "--schema", "anndata", "--report", "html", "--output", "page.html", status=INVALID)
    page = (world.folder / "page.html").read_text()
    assert page.startswith("<!doctype html>") and "&lt;b&gt;x&lt;/b&gt;" in page and "<b>x</b>" not in page
    assert "src=" not in page and "http" not in page.replace("http-equiv", ""), "nothing is fetched"
    assert "differs in case only" in page and "width:70.0%" in page


# -- slots ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["uns.h5ad", "uns.zarr"])
def test_uns_and_its_keys(world, name):
    adata = cells()
    adata.uns = {"title": "blood", "study": {"site": "Berlin", "rounds": 3}}
    assert report(world, write(adata, world.folder / name), "whole", VALID)["problems"] == []
    adata.uns = {"title": 5, "study": {}}
    found = report(world, write(adata, world.folder / ("2" + name)), "whole")["problems"]
    assert {(one["slot"], one["rule"]) for one in found} == {("uns", "wrong_type"), ("uns:study", "missing_column")}


def test_modalities(world):
    mudata = pytest.importorskip("mudata")
    rna = cells(["T cell", "B cel"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mudata.MuData({"rna": rna, "prot": cells(["x", "y"])}).write(world.folder / "m.h5mu")
    found = problem(world, world.folder / "m.h5mu", "modal")
    assert found["slot"] == "rna:obs" and [value["value"] for value in found["values"]] == ["B cel"]


def spatial(path, attrs, images=None, layers=None):
    """A SpatialData store, by hand: the tables of its standard, pictures with their scales."""
    import zarr

    root = zarr.open_group(path, mode="w", zarr_format=3)
    root.attrs.update({"spatialdata_attrs": {"version": "0.2"}, **attrs})
    table = cells()
    for name, layer in (layers or {}).items():
        table.layers[name] = layer
    root.create_group("tables")
    table.write_zarr(os.path.join(path, "tables", "cells"))
    pictures = root.create_group("images")
    for name, (shapes, chunk) in (images or {}).items():
        group = pictures.create_group(name)
        scales = []
        for i, extent in enumerate(shapes):
            group.create_array(str(i), shape=(1, extent, extent), chunks=(1, min(chunk, extent), min(chunk, extent)), dtype="uint8")
            scales.append({"path": str(i)})
        axes = [{"name": axis} for axis in "cyx"]
        group.attrs["ome"] = {"multiscales": [{"axes": axes, "datasets": scales}]}
    return path


def test_spatialdata(world):
    path = spatial(str(world.folder / "s.zarr"), {"sample": {"site": "Berlin"}})
    found = report(world, path, "spatial", VALID)
    assert found["otype"] == "SpatialData" and {one["slot"] for one in found["columns"]} == {"tables:cells:obs", "attrs:sample"}
    path = spatial(str(world.folder / "s2.zarr"), {"sample": {"site": 7}})
    assert problem(world, path, "spatial")["slot"] == "attrs:sample"


def test_conventions_of_zarr(world):
    code = """
import lamindb as ln
schema = ln.Schema(name="laid out", otype="SpatialData", slots={"tables:cells:obs": ln.Schema.get(name="obs")})
schema._aux = {**(schema._aux or {}), "zarr": {"zarr_format": 2, "multiscales": {"scale": 2}, "chunk_shape": {"y": [256, 512]},
                                               "layers": {"csc": "csc_matrix", "dense": "array"}}}
schema.save()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=world.folder, env=world.env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    images = {"flat": ([1024], 128), "steep": ([1024, 256], 256), "wide": ([1024, 512], 256)}
    path = spatial(str(world.folder / "laid.zarr"), {}, images, {"dense": np.ones((3, 2))})
    said = "\n".join(one["message"] for one in report(world, path, "laid out")["problems"])
    for part in ("is zarr v3, expected v2", "Image 'flat' is single-scale", "downscales 'y' by 4.00x, expected 2x",
                 "coarsest scale 'scale1' spans 512 along 'y' in chunks of 256", "chunk of 128 along 'y' (extent 1024)",
                 "Table 'cells' has no layer 'csc'"):  # fmt: skip
        assert part in said, (part, said)
    assert "dense" not in said and "'wide/scale1'" not in said


# -- many files ----------------------------------------------------------------------------------------------------------------


def test_folders_and_several_files(world):
    folder = world.folder / "many"
    (folder / "deep").mkdir(parents=True)
    write(cells(), folder / "a.h5ad")
    write(cells(["x cell", "T cell"]), folder / "deep" / "b.zarr")
    (folder / "deep" / "c.h5ad").write_bytes(b"no file of this kind")
    (folder / "notes.txt").write_text("not data")
    whole = json.loads(world("curate", folder, "--schema", "anndata", "--report", "json", status=INVALID))
    rules = {os.path.basename(file["path"]): [one["rule"] for one in file["problems"]] for file in whole["files"]}
    assert rules == {"a.h5ad": [], "b.zarr": ["not_registered"], "c.h5ad": ["unreadable"]}
    assert "1 of 3 files valid" in world("curate", folder, "--schema", "anndata", status=INVALID)
    assert "holds no dataset" in (world("curate", world.folder / "st", "--schema", "anndata", status=NOT_FOUND), world.said)[1]


def test_saved_bytes_are_never_mended_in_place(world):
    folder = world.folder / "kept"
    folder.mkdir()
    (folder / "kept.csv").write_text("cell_type\nt CELL\n")
    uid = world("save", "kept/kept.csv", "--key", "kept.csv").strip()
    code = "import lamindb as ln; a = ln.Artifact.get(key='kept.csv'); ln.Collection([a], key='kept').save(); print(a.cache())"
    done = subprocess.run([sys.executable, "-c", code], cwd=world.folder, env=world.env, capture_output=True, text=True)
    stored = done.stdout.strip().splitlines()[-1]
    before = open(stored).read()
    for words in (["--collection", "kept", "--fix"], [stored, "--fix"], ["kept/kept.csv", "--write", stored]):
        world("curate", *words, "--schema", "table", status=2)
        assert "saved version must stay as it is" in world.said
    assert open(stored).read() == before and uid
    os.symlink("kept.csv", folder / "link.csv")
    world("curate", "kept/link.csv", "--schema", "table", "--fix")
    assert (folder / "link.csv").is_symlink() and "T cell" in (folder / "kept.csv").read_text()


def test_collections(world):
    code = """
import lamindb as ln
files = []
for i, kind in enumerate(["T cell", "qqqqqq"]):
    open(f"part{i}.csv", "w").write("cell_type\\n" + kind + "\\n")
    files.append(ln.Artifact(f"part{i}.csv", key=f"parts/{i}.csv").save())
ln.Collection(files, key="parts").save()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=world.folder, env=world.env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    whole = json.loads(world("curate", "--collection", "parts", "--schema", "table", "--report", "json", status=INVALID))
    assert [file["valid"] for file in whole["files"]] == [True, False]


# -- mending -------------------------------------------------------------------------------------------------------------------


def test_only_what_is_certain_is_mended(world):
    types = ["t cell", "T lymphocyte", "B cel", "mother cell"]
    path = write(cells(types, n=[1, 2, 3, 4]), world.folder / "mend.h5ad")
    before = path.read_bytes()
    found = report(world, path, "anndata", INVALID, "--write", world.folder / "mended.h5ad")
    assert path.read_bytes() == before, "the input stays as it was"
    assert {(one["from"], one["to"]) for one in found["mended"]} == {("t cell", "T cell"), ("T lymphocyte", "T cell")}
    assert {value["value"] for value in found["problems"][0]["values"]} == {"B cel", "mother cell"}
    after = anndata.read_h5ad(world.folder / "mended.h5ad")
    assert after.obs["cell_type"].to_list() == ["T cell", "T cell", "B cel", "mother cell"] and after.obs["n"].to_list() == [1, 2, 3, 4]


def test_fix_in_place(world):
    path = world.folder / "fix.csv"
    path.write_text("cell_type,n\nT lymphocyte,1\nB cell,2\n")
    report(world, path, "table", VALID, "--fix")
    assert path.read_text().replace('"', "") == "cell_type,n\nT cell,1\nB cell,2\n"
    assert sorted(p.name for p in world.folder.iterdir() if "fix.csv" in p.name) == ["fix.csv"]


def test_options_that_contradict_each_other(world):
    path = write(cells(), world.folder / "options.h5ad")
    for words, part in [(["--replace", "obs.cell_type:a=b"], "--write"), (["--output", "x.h5ad"], "--write"), (["--report", "htm"], "html"),
                        (["--fx"], "--fix")]:  # fmt: skip
        world("curate", path, "--schema", "anndata", *words, status=2)
        assert part in world.said, (words, world.said)
    world("curate", path, "--schema", "nothing of this name", status=NOT_FOUND)
    world("curate", "nowhere.h5ad", "--schema", "anndata", status=NOT_FOUND)


# -- bad input -----------------------------------------------------------------------------------------------------------------


def refused(world, path, schema="anndata", status=CORRUPT):
    world("curate", path, "--schema", schema, status=status)
    return world.said


def test_truncated_foreign_and_empty(world):
    whole = write(cells(), world.folder / "whole.h5ad").read_bytes()
    (world.folder / "cut.h5ad").write_bytes(whole[: len(whole) // 2])
    assert "cut.h5ad" in refused(world, "cut.h5ad")
    (world.folder / "text.h5ad").write_text("cell_type\nT cell\n")
    assert "not a whole HDF5 file" in refused(world, "text.h5ad")
    (world.folder / "empty.h5ad").write_bytes(b"")
    assert "is empty" in refused(world, "empty.h5ad")
    (world.folder / "empty.csv").write_bytes(b"")
    assert "is empty" in refused(world, "empty.csv", "table")
    (world.folder / "cut.parquet").write_bytes(b"PAR1 and no more")
    assert "Parquet" in refused(world, "cut.parquet", "table")
    with h5py.File(world.folder / "other.h5ad", "w") as file:
        file["measurements"] = [1, 2]
    assert "no AnnData file: it has no 'obs'; it holds: measurements" in refused(world, "other.h5ad")
    path = write(cells(), world.folder / "holes.zarr")
    shutil.rmtree(path / "obs" / "cell_type")
    assert "the column is listed but missing" in refused(world, path)
    shutil.rmtree(path / "var")
    assert "it has no 'var'" in refused(world, path)
    (world.folder / "data.xyz").write_text("x")
    assert ".h5ad" in refused(world, "data.xyz", status=UNSUPPORTED)


def test_a_million_columns(world):
    path = world.folder / "wide.csv"
    path.write_text("cell_type" + ",x" * 1_000_000 + "\nT cell" + ",1" * 1_000_000 + "\n")
    assert "1000001 columns" in refused(world, path, "table", UNSUPPORTED)


def test_mixed_types(world):
    path = world.folder / "mixed.csv"
    path.write_text("cell_type,n\nT cell,1\nB cell,two\n")
    found = problem(world, path, "table")
    assert found["column"] == "n" and found["rule"] == "wrong_type" and "expected series 'n' to have type int, got str" in found["message"]


def test_names_of_rows_that_repeat(world):
    adata = cells()
    adata.obs_names = ["a", "a", "b"]
    notes = report(world, write(adata, world.folder / "twins.h5ad"), status=VALID)["notes"]
    assert any("1 name of rows in slot 'obs' is not unique" in note and "obs_names_make_unique" in note for note in notes), notes


def test_missing_labels(world):
    assert report(world, write(cells(["T cell", None, "B cell"]), world.folder / "nan.h5ad"), status=VALID)["columns"][0]["missing"] == 1
    path = world.folder / "null.csv"
    path.write_text("must,x\na,1\n,2\nNA,3\n")
    found = problem(world, path, "filled")
    assert found["rule"] == "null" and found["rows"] == 2 and "null" in found["message"] or "2 values missing" in found["message"]


def test_levels_unused_and_twice(world):
    adata = cells()
    adata.obs["cell_type"] = adata.obs["cell_type"].cat.add_categories(["never seen", "nor this"])
    adata.strings_to_categoricals()
    path = world.folder / "levels.h5ad"
    write(adata, path)
    with h5py.File(path, "r+") as file:
        if len(file["obs/cell_type/categories"]) != 4:  # anndata drops what is not used
            del file["obs/cell_type/categories"]
            file["obs/cell_type/categories"] = ["B cell", "T cell", "never seen", "nor this"]
    notes = report(world, path, status=VALID)["notes"]
    assert any("has 2 levels that no row has" in note for note in notes), notes
    with h5py.File(path, "r+") as file:
        del file["obs/cell_type/categories"]
        file["obs/cell_type/categories"] = ["B cell", "T cell", "T cell"]
    found = problem(world, path)
    assert found["rule"] == "repeated_levels" and "the level 'T cell' twice" in found["message"]
    with h5py.File(path, "r+") as file:
        file["obs/cell_type/codes"][0] = 77
    assert "row 0 has code 77, but there are 3 categories" in refused(world, path)


def test_numbers_of_all_widths(world):
    columns = {"n": np.arange(3, dtype="uint8"), "m": pd.array([1, None, 3], dtype="Int64"), "f": np.arange(3, dtype="float16"),
               "b": pd.array([True, None, False], dtype="boolean"), "big": np.array([1, 2, 2**62], dtype="int64")}  # fmt: skip
    assert report(world, write(cells(**columns), world.folder / "widths.h5ad"), status=VALID)["problems"] == []
    path = write(cells(huge=np.array([1, 2, 2**63 + 1], dtype="uint64")), world.folder / "huge.h5ad")
    assert "integers beyond 64-bit signed ones" in refused(world, path, status=UNSUPPORTED)


def test_texts_as_bytes(world):
    path = write(cells(), world.folder / "bytes.h5ad")
    with h5py.File(path, "r+") as file:
        del file["obs/cell_type/categories"]
        file["obs/cell_type/categories"] = np.array([b"B cell", b"T cell"])
    report(world, path, status=VALID)


def test_csv_of_other_worlds(world):
    def table(name, content):
        (world.folder / name).write_bytes(content)
        return world.folder / name

    assert "are not UTF-8" in refused(world, table("latin.csv", "cell_type\nM\xfcller\n".encode("latin-1")), "table")
    report(world, table("bom.csv", b"\xef\xbb\xbfcell_type,n\nT cell,1\n"), "table", VALID)
    said = refused(world, table("semicolons.csv", b"cell_type;n\nT cell;1\n"), "table")
    assert "separated by ';'" in said and "one column, 'cell_type;n'" in said
    said = refused(world, table("tabs.csv", b"cell_type\tn\nT cell\t1\n"), "table")
    assert "separated by tabs" in said and ".tsv" in said
    (world.folder / "bad.csv.gz").write_bytes(gzip.compress(b"cell_type\nT cell\n")[:-9])
    assert "bad.csv.gz" in refused(world, "bad.csv.gz", "table")


def test_values_that_can_be_converted(world):
    path = world.folder / "dates.csv"
    path.write_text("when\n2024-01-02\n2024-02-30\n")
    assert problem(world, path, "dated")["rule"] == "wrong_type"
    path.write_text("when\n2024-01-02\n2024-02-28\n")
    report(world, path, "dated", VALID)


def stored(world, name, content):
    """The same file whole, by its suffix, with other content."""
    path = world.folder / name
    path.write_bytes(content)
    return path


WHOLE = {"csv": "table", "tsv": "table", "csv.gz": "table", "parquet": "table", "xlsx": "table", "h5ad": "anndata", "h5mu": "modal"}
WRONG = {  # by suffix: what is said of a file that is cut, foreign, empty
    "csv": ("", "are not UTF-8", "is empty"), "tsv": ("", "are not UTF-8", "is empty"), "csv.gz": ("Truncated", "zlib", "is empty"),
    "parquet": ("not a whole Parquet file", "not a whole Parquet file", "0 bytes"),
    "xlsx": ("cut short", "not a whole .xlsx file", "is empty"), "h5ad": ("not a whole HDF5 file", "not a whole HDF5 file", "is empty"),
    "h5mu": ("not a whole HDF5 file", "not a whole HDF5 file", "is empty"),
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(world):
    """{suffix: bytes of a valid file}"""
    frame = pd.DataFrame({"cell_type": ["T cell", "B cell"], "n": [1, 2]})
    frame.to_csv(world.folder / "of.csv", index=False)
    frame.to_csv(world.folder / "of.tsv", index=False, sep="\t")
    frame.to_csv(world.folder / "of.csv.gz", index=False)
    frame.to_parquet(world.folder / "of.parquet")
    write(cells(), world.folder / "of.h5ad")
    world("create", "record", "--set", "name=wells", "--set", "is_type=true")
    world("export", "wells", "of.xlsx")
    mudata = pytest.importorskip("mudata")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mudata.MuData({"rna": cells()}).write(world.folder / "of.h5mu")
    return {suffix: (world.folder / f"of.{suffix}").read_bytes() for suffix in WHOLE}


@pytest.mark.parametrize("suffix", WHOLE)
def test_every_kind_of_file_cut_foreign_and_empty(world, whole, suffix):
    cut, foreign, empty = WRONG[suffix]
    if cut:
        said = refused(world, stored(world, f"cut_.{suffix}", whole[suffix][: len(whole[suffix]) // 2]), WHOLE[suffix])
        assert cut in said and f"cut_.{suffix}" in said, said
    said = refused(world, stored(world, f"foreign_.{suffix}", "cell_type\tn\nM\xfcller\t1\n".encode("latin-1")), WHOLE[suffix])
    assert foreign in said and f"foreign_.{suffix}" in said and "\x00" not in said, said
    assert empty in refused(world, stored(world, f"empty_.{suffix}", b""), WHOLE[suffix])


@pytest.mark.parametrize("content, part", [
    (bytes(range(256)) * 8, "is no table of texts: it holds bytes that no text has"),
    ("cell_type,n\nT cell,1\n".encode("utf-16"), "its texts are UTF-16, not UTF-8; convert the file"),
    (b"cell_type,n\nT cell,1\nB cell\n", "Expected 2 columns, got 1: B cell"),
    (b"cell_type|n\nT cell|1\n", "separated by '|'"),
])  # fmt: skip
def test_texts_that_are_no_table(world, content, part):
    assert part in refused(world, stored(world, "odd.csv", content), "table")


def test_tables_of_tabs(world):
    report(world, stored(world, "bom.tsv", b"\xef\xbb\xbfcell_type\tn\nT cell\t1\n"), "table", VALID)
    assert "separated by commas; call it .csv" in refused(world, stored(world, "commas.tsv", b"cell_type,n\nT cell,1\n"), "table")
    report(world, stored(world, "header.csv", b"cell_type,n\n"), "table", VALID)


def test_columns_of_parquet(world):
    import pyarrow as pa
    import pyarrow.parquet

    def parquet(name, **columns):
        pa.parquet.write_table(pa.table(columns), world.folder / name)
        return world.folder / name

    found = problem(world, parquet("bytes.parquet", cell_type=pa.array([b"T cell", b"\xff"], pa.binary())), "table")
    assert found["rule"] == "wrong_type" and "got bytes in row 0" in found["message"] and found["column"] == "cell_type"
    typed = {"n": pa.array([1, None], pa.int8()), "cell_type": pa.array(["T cell", None])}
    (kinds, n) = report(world, parquet("typed.parquet", **typed), "table", VALID)["columns"]
    assert (kinds["missing"], n["missing"]) == (1, 1)
    huge = parquet("big.parquet", cell_type=["T cell"], n=pa.array([2**63 + 1], pa.uint64()))
    assert "column 'n': 9223372036854775809 is beyond 64-bit" in refused(world, huge, "table", UNSUPPORTED)
    found = problem(world, parquet("decimal.parquet", cell_type=["T cell"], n=pa.array([1], pa.decimal128(5, 2))), "table")
    assert found["column"] == "n" and "got a value of Arrow type" in found["message"]
    levels = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0]), pa.array(["T cell", "B cell", "never"]))
    notes = report(world, parquet("unused.parquet", cell_type=levels), "table", VALID)["notes"]
    assert any("has 1 level that no row has" in note for note in notes)
    twins = pd.DataFrame({"cell_type": ["T cell", "B cell"]}, index=pd.Index(["a", "a"], name="id"))
    twins.to_parquet(world.folder / "twins.parquet")
    assert any("1 name of rows is not unique" in note for note in report(world, world.folder / "twins.parquet", "table", VALID)["notes"])
    assert problem(world, parquet("null.parquet", must=pa.array(["x", None])), "filled")["rule"] == "null"
    pa.parquet.write_table(pa.table([["T cell"], ["B cell"]], names=["cell_type", "cell_type"]), world.folder / "same.parquet")
    assert "two columns named 'cell_type'" in problem(world, world.folder / "same.parquet", "table")["message"]


def test_stores_of_zarr_that_are_no_whole_ones(world):
    (world.folder / "nothing.zarr").mkdir()
    assert "is no zarr group" in refused(world, world.folder / "nothing.zarr")
    assert "is no zarr group" in refused(world, stored(world, "file.zarr", b"x"))
    path = write(cells(n=[1, 2, 3]), world.folder / "short.zarr")
    for chunk in [file for file in (path / "obs" / "n").rglob("*") if file.is_file() and not file.name.startswith((".z", "zarr"))]:
        chunk.write_bytes(chunk.read_bytes()[:5])
    assert "obs/n" in refused(world, path)
    adata = cells(["T cell", None, "B cell"])
    adata.obs_names = ["a", "a", "b"]
    found = report(world, write(adata, world.folder / "twins.zarr"), status=VALID)
    assert found["columns"][0]["missing"] == 1 and any("is not unique" in note for note in found["notes"])

