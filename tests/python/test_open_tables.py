"""Tables in artifacts, opened by pyarrow, polars and DuckDB: of one artifact, of several, of collections; obs of AnnData."""

import pytest


@pytest.fixture(scope="module")
def df(ln):
    import pandas as pd

    return pd.DataFrame({"cell": ["a", "b", "c", "d"], "n": [1, 2, 3, 4]})


@pytest.fixture(scope="module")
def files(ln, df, tmp_path_factory):
    """An artifact of each format, with the same table."""
    import pyarrow as pa
    import pyarrow.feather

    folder = tmp_path_factory.mktemp("tables")
    df.to_parquet(folder / "t.parquet")
    df.to_csv(folder / "t.csv", index=False)
    df.to_csv(folder / "t.tsv", index=False, sep="\t")
    df.to_json(folder / "t.jsonl", orient="records", lines=True)
    pyarrow.feather.write_feather(pa.Table.from_pandas(df), folder / "t.feather")
    return {path.suffix: ln.Artifact(path, key=f"opentables/{path.name}").save() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def halves(ln, df):
    return [ln.Artifact.from_dataframe(part, key=f"opentables/half{i}.parquet").save() for i, part in enumerate((df[:2], df[2:]))]


@pytest.fixture(scope="module")
def cells(ln, tmp_path_factory):
    """An h5ad and a zarr store, with different obs."""
    import anndata as ad
    import numpy as np
    import pandas as pd

    folder = tmp_path_factory.mktemp("cells")
    made = []
    for i, (suffix, index) in enumerate(((".h5ad", None), (".zarr", "barcode"))):
        obs = pd.DataFrame(
            {
                "cell_type": pd.Categorical(["T", "B", "T"] if i == 0 else ["NK", "T", "B"]),
                "score": [0.5, np.nan, 2.0] if i == 0 else [1, 2, 3],
                "batch": ["x", "y", "z"],
            },
            index=pd.Index([f"c{i}{j}" for j in range(3)], name=index),
        )
        if i:
            obs["only_zarr"] = [True, False, True]
        adata = ad.AnnData(np.ones((3, 2), dtype="float32"), obs=obs, var=pd.DataFrame(index=["g1", "g2"]))
        path = folder / f"cells{suffix}"
        adata.write_h5ad(path) if suffix == ".h5ad" else adata.write_zarr(path)
        made.append(ln.Artifact.from_anndata(path, key=f"opentables/cells{suffix}").save())
    return made


def rows(relation):
    return sorted(relation.fetchall())


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".tsv", ".jsonl", ".feather"])
def test_each_format_is_opened_by_each_engine(files, df, suffix):
    artifact = files[suffix]
    assert artifact.open().to_table().to_pandas().equals(df)
    with artifact.open(engine="polars") as lazy:
        assert lazy.collect().to_pandas().equals(df)
    relation = artifact.open(engine="duckdb")
    assert relation.columns == ["cell", "n"]
    assert rows(relation.filter("n > 2")) == [("c", 3), ("d", 4)]


def test_an_unknown_engine_is_refused_before_anything_is_read(files, halves, ln):
    for opened in (files[".csv"], ln.Artifact.filter(key__startswith="opentables/half").order_by("id")):
        with pytest.raises(ValueError, match="Unknown engine: 'spark'; it has to be one of pyarrow, polars, duckdb"):
            opened.open(engine="spark")


def test_a_file_that_is_not_a_table_is_refused(ln, tmp_path):
    path = tmp_path / "reads.txt"
    path.write_text("ACGT not a table")
    artifact = ln.Artifact(path, key="opentables/reads.txt").save()
    with pytest.raises(ValueError, match=r"\.txt"):
        artifact.open(engine="duckdb")
    with pytest.raises(ValueError, match=r"\.txt"):
        artifact.open()


def test_a_collection_is_one_table(ln, halves, df):
    collection = ln.Collection(halves, key="opentables/halves")
    assert collection.open().to_table().to_pandas().equals(df)  # before it is saved
    collection.save()
    assert collection.open().to_table().to_pandas().equals(df)
    with collection.open(engine="polars") as lazy:
        assert lazy.collect().to_pandas().equals(df)
    with collection.open(engine="polars", use_fsspec=True) as lazy:
        assert lazy.collect().to_pandas().equals(df)
    relation = collection.open(engine="duckdb")
    assert relation.columns == ["artifact_uid", "cell", "n"]
    assert rows(relation.filter("n in (2, 3)")) == sorted([(halves[0].uid, "b", 2), (halves[1].uid, "c", 3)])
    assert collection.cache() == [half.cache() for half in halves]
    assert collection.load().equals(df)


def test_several_formats_are_refused_by_name(ln, files, halves, cells):
    mixed = ln.Collection([halves[0], files[".csv"]], key="opentables/mixed").save()
    for engine in ("pyarrow", "polars", "duckdb"):
        with pytest.raises(ValueError, match=r"The artifacts in the collection have different file formats: \.csv, \.parquet"):
            mixed.open(engine=engine)
    with pytest.raises(ValueError, match=r"different file formats: \.h5ad, \.parquet"):
        ln.Collection([halves[0], cells[0]], key="opentables/mixed2").save().open(engine="duckdb")
    with pytest.raises(ValueError, match=r"same suffix, not \.csv, \.parquet"):
        mixed.load()


def test_join_is_checked(ln, halves):
    with pytest.raises(ValueError, match="'left'"):
        ln.Collection(halves, key="opentables/joined").load(join="left")


def test_a_folder_of_one_format_is_a_table(ln, df, tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()
    df[:3].to_csv(folder / "0.csv", index=False)
    df[3:].to_csv(folder / "1.csv", index=False)
    artifact = ln.Artifact(folder, key="opentables/parts").save()
    assert artifact.open().count_rows() == 4
    with artifact.open(engine="polars") as lazy:
        assert lazy.collect().height == 4
    assert rows(artifact.open(engine="duckdb").aggregate("sum(n)")) == [(10,)]


def test_obs_is_a_table(cells):
    h5ad, zarr = cells
    relation = h5ad.open(engine="duckdb")
    assert relation.columns == ["obs_names", "cell_type", "score", "batch"]
    assert rows(relation.project("obs_names, cell_type, score")) == [("c00", "T", 0.5), ("c01", "B", None), ("c02", "T", 2.0)]
    assert rows(zarr.open(engine="duckdb").project("obs_names, only_zarr")) == [("c10", True), ("c11", False), ("c12", True)]
    assert rows(h5ad.open(engine="duckdb", table="var")) == [("g1",), ("g2",)]
    assert h5ad.open(engine="pyarrow", table="obs").to_table(columns=["batch"]).to_pydict() == {"batch": ["x", "y", "z"]}
    with h5ad.open(engine="polars", table="obs") as lazy:
        assert lazy.select("batch").collect()["batch"].to_list() == ["x", "y", "z"]
    with pytest.raises(ValueError, match="It has no table 'rna:obs'"):
        h5ad.open(engine="duckdb", table="rna:obs")
    with pytest.raises(ValueError, match="'uns' is not a table of rows"):
        h5ad.open(engine="duckdb", table="uns")


def test_obs_of_many_is_one_table(ln, cells):
    h5ad, zarr = cells
    collection = ln.Collection(cells, key="opentables/cells").save()
    opened = collection.open()
    assert opened.schema.names == ["artifact_uid", "obs_names", "cell_type", "score", "batch", "only_zarr"]
    table = opened.to_table()
    assert table["artifact_uid"].to_pylist() == [h5ad.uid] * 3 + [zarr.uid] * 3
    assert table["cell_type"].to_pylist() == ["T", "B", "T", "NK", "T", "B"]
    assert table["score"].to_pylist()[3:] == [1.0, 2.0, 3.0]
    assert table["only_zarr"].to_pylist() == [None] * 3 + [True, False, True]
    assert opened.count_rows() == 6
    counted = collection.open(engine="duckdb").aggregate("cell_type, count(*) as n", "cell_type")
    assert rows(counted) == [("B", 2), ("NK", 1), ("T", 3)]
    assert rows(ln.Artifact.filter(key__startswith="opentables/cells").order_by("id").open(engine="duckdb").aggregate("count(*)")) == [(6,)]
    with collection.open(engine="polars") as lazy:
        assert sorted(lazy.collect()["batch"].to_list()) == sorted("xyzxyz")


def test_only_the_columns_of_a_query_are_read_and_once(ln, tmp_path, monkeypatch):
    import anndata as ad
    import numpy as np
    import pandas as pd
    from lamindb._sql import slots

    def write(values):
        obs = pd.DataFrame({"a": values, "b": values, "c": values}, index=["x", "y"])
        ad.AnnData(np.ones((2, 1)), obs=obs).write_h5ad(tmp_path / "o.h5ad")

    asked, read = [], slots._core.read_tables

    class Core:
        table_layouts = staticmethod(slots._core.table_layouts)

        @staticmethod
        def read_tables(files, slot, columns):
            asked.extend(columns)
            return read(files, slot, columns)

    monkeypatch.setattr(slots, "_core", Core)
    write([1, 2])
    table = slots.slot_table([tmp_path / "o.h5ad"], "obs")
    from lamindb._sql.engines import relation

    assert relation(table).filter("a > 1").project("b").fetchall() == [(2,)]
    assert [sorted(columns) for columns in asked] == [["a", "b"]]
    assert table.to_table(columns=["b", "c"]).to_pydict() == {"b": [1, 2], "c": [1, 2]}
    assert asked[1:] == [["c"]]
    write([3, 4])  # another file under the same name
    assert slots.slot_table([tmp_path / "o.h5ad"], "obs").to_table(columns=["b"]).to_pydict() == {"b": [3, 4]}


def test_columns_are_held_up_to_a_limit(monkeypatch):
    import pyarrow as pa
    from lamindb._sql.slots import _Columns

    columns = _Columns()
    columns.most = 100_000
    arrays = [pa.array(range(1000)) for _ in range(20)]  # 8 kB each
    for i, array in enumerate(arrays):
        columns.put(i, array)
    assert columns.get(0) is None and columns.get(19) is arrays[19] and columns._bytes <= columns.most
    columns.put("large", pa.array(range(10_000)))
    assert columns.get("large") is None


def test_a_column_that_cannot_be_read_is_left_out(ln, tmp_path):
    import anndata as ad
    import h5py
    import numpy as np
    import pandas as pd

    path = tmp_path / "odd.h5ad"
    ad.AnnData(np.ones((2, 1)), obs=pd.DataFrame({"fine": [1, 2]}, index=["a", "b"])).write_h5ad(path)
    with h5py.File(path, "r+") as file:
        file["obs"].create_dataset("odd", data=np.zeros(2, dtype=[("x", "i4")]))
        file["obs"].attrs["column-order"] = ["fine", "odd"]
    artifact = ln.Artifact(path, key="opentables/odd.h5ad").save()
    assert artifact.open(engine="duckdb").columns == ["obs_names", "fine"]


def test_a_damaged_file_is_an_error(ln, tmp_path):
    from lamindb.errors import CorruptData

    path = tmp_path / "broken.h5ad"
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + b"\0" * 100)
    artifact = ln.Artifact(path, key="opentables/broken.h5ad").save()
    with pytest.raises(CorruptData, match="broken.h5ad|whole HDF5"):
        artifact.open(engine="duckdb")
