"""Artifact.open() of AnnData, SpatialData, HDF5 and zarr: everything as anndata reads it, and nothing that was not asked for."""

import gzip
import shutil
from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
import zarr
from scipy import sparse

DATA = Path(__file__).parents[1] / "data"
ROWS, COLUMNS = 300, 40


def made(kind=sparse.csr_matrix, seed=0):
    """An AnnData object with everything that a slot can hold."""
    rng = np.random.default_rng(seed)
    matrix = sparse.random(ROWS, COLUMNS, 0.2, "csr", dtype=np.float32, random_state=seed)
    obs = pd.DataFrame(
        {
            "cell_type": pd.Categorical(rng.choice(["T cell", "B cell", "NK"], ROWS), ordered=True),
            "cluster": pd.Categorical(rng.integers(0, 5, ROWS)),
            "holes": pd.Categorical(np.where(np.arange(ROWS) % 7 == 0, None, "x")),
            "score": rng.random(ROWS),
            "count": rng.integers(0, 9, ROWS).astype("int16"),
            "good": rng.random(ROWS) > 0.5,
            "text": [f"täxt {i}" for i in range(ROWS)],
            "maybe": pd.array([None if i % 3 == 0 else i for i in range(ROWS)], dtype="Int32"),
            "perhaps": pd.array([None if i % 4 == 0 else i % 2 == 0 for i in range(ROWS)], dtype="boolean"),
        },
        index=[f"cell{i}" for i in range(ROWS)],
    )
    var = pd.DataFrame({"length": np.arange(COLUMNS)}, index=pd.Index([f"gene{i}" for i in range(COLUMNS)], name="symbol"))
    adata = anndata.AnnData(kind(matrix), obs=obs, var=var)
    adata.raw = adata
    adata = adata[:, :30].copy()
    adata.layers["counts"] = sparse.csc_matrix(adata.X)
    adata.layers["dense"] = np.asarray(adata.X.todense() if sparse.issparse(adata.X) else adata.X)
    adata.obsm["X_pca"], adata.obsm["table"] = rng.random((ROWS, 5)), pd.DataFrame({"a": np.arange(ROWS)}, index=adata.obs_names)
    adata.varm["loadings"] = rng.random((30, 3))
    adata.obsp["near"] = sparse.random(ROWS, ROWS, 0.01, "csr", random_state=seed)
    adata.varp["alike"] = np.eye(30)
    names = np.rec.fromarrays([np.array(["g1", "g2"], dtype="O"), np.array([1.5, 2.5])], names=["names", "scores"])
    adata.uns = {"title": "made", "n": 3, "pi": 3.14, "list": np.array(["a", "b"], dtype="O"), "deep": {"x": np.arange(3), "yes": True}}
    adata.uns["ranks"] = names
    return adata


def same(got, wanted):
    if isinstance(wanted, pd.DataFrame):
        pd.testing.assert_frame_equal(got, wanted, check_categorical=True)
    elif sparse.issparse(wanted):
        assert sparse.issparse(got) and got.format == wanted.format and got.shape == wanted.shape and got.dtype == wanted.dtype
        assert (got != wanted).nnz == 0
    elif isinstance(wanted, dict):
        assert set(got) == set(wanted)
        for key in wanted:
            same(got[key], wanted[key])
    elif isinstance(wanted, np.ndarray) and wanted.dtype.names:
        assert got.dtype.names == wanted.dtype.names
        for name in wanted.dtype.names:
            assert list(got[name]) == list(wanted[name]), name
    else:
        assert np.array_equal(np.asarray(got), np.asarray(wanted)), (got, wanted)


def check_all(accessor, wanted):
    """Every slot, whole and of a subset, against anndata's own reading."""
    assert accessor.shape == wanted.shape and list(accessor.obs_names) == list(wanted.obs_names)
    same(accessor.obs, wanted.obs)
    same(accessor.var, wanted.var)
    memory = accessor.to_memory()
    for slot in ("layers", "obsm", "varm", "obsp", "varp"):
        assert set(getattr(memory, slot)) == set(getattr(wanted, slot)), slot
    rng = np.random.default_rng(1)
    mask, picked = rng.random(wanted.n_obs) > 0.6, rng.integers(0, wanted.n_vars, min(7, wanted.n_vars))
    names = list(wanted.obs_names[::-1][:4])
    subsets = [(slice(None), slice(None)), (mask, slice(None)), (slice(3, 20), np.unique(picked)), (names, slice(None)),
               (np.array([5, 1, 1, 3]) % wanted.n_obs, slice(0, 2)), (slice(None), list(wanted.var_names[:2])), (2, slice(None)),
               (wanted.obs_names.isin(names), [1, 0]), (slice(0, 0), slice(None)), (slice(None, None, -2), slice(None))]  # fmt: skip
    for rows, columns in subsets:
        part = accessor[rows, columns]
        with anndata.settings.override(remove_unused_categories=False):
            there = wanted[rows, columns].copy()
        assert part.shape == there.shape
        same(part.obs, there.obs)
        same(part.var, there.var)
        if wanted.X is not None:
            same(part.X, there.X)
        for slot in ("layers", "obsm", "varm", "obsp", "varp"):
            for key, value in getattr(there, slot).items():
                same(getattr(part, slot)[key], value)
        if wanted.raw is not None:
            same(part.raw.X, wanted.raw[rows].X if not isinstance(rows, int) else wanted.raw[[rows]].X)


@pytest.fixture(scope="module", params=["h5ad", "h5ad gzip", "h5ad lzf", "zarr 2", "zarr 3"])
def artifact(request, ln, tmp_path_factory):
    """The same data in each format, once for all tests; and what anndata reads of it."""
    path = tmp_path_factory.mktemp("open") / f"open.{request.param.split()[0]}"
    adata = made()
    if path.suffix == ".h5ad":
        adata.write_h5ad(path, compression=request.param[5:] or None)
        wanted = anndata.read_h5ad(path)
    else:
        with anndata.settings.override(zarr_write_format=int(request.param[-1])):
            adata.write_zarr(path, chunks=(37, 11))
        wanted = anndata.read_zarr(path)
    saved = ln.Artifact(path, key=f"open/{request.param}{path.suffix}").save()
    yield saved, wanted
    saved.delete(permanent=True)


def test_every_slot_is_as_anndata_reads_it(ln, artifact):
    artifact, wanted = artifact
    with artifact.open() as accessor:
        assert type(accessor).__name__ == "AnnDataAccessor" and not accessor.closed
        check_all(accessor, wanted)
        same(accessor.uns, dict(wanted.uns))
        assert accessor.raw.shape == wanted.raw.shape
        same(accessor.raw.var, wanted.raw.var)
        same(accessor.X.to_memory(), wanted.X)
        same(accessor.X[5:9], wanted.X[5:9])
        same(accessor.layers["dense"][3, :4], wanted.layers["dense"][3, :4])
        same(accessor.layers["counts"][:, [3, 1]], wanted.layers["counts"][:, [3, 1]])
        assert accessor.obsm.keys() == sorted(wanted.obsm) and "X_pca" in accessor.obsm
        assert f"{ROWS} × 30" in repr(accessor) and "cell_type" in repr(accessor[:3])
        nested = accessor[10:100][:5, ["gene3", "gene1"]]
        same(nested.X, wanted.X[10:15][:, [3, 1]])
        with pytest.raises(AttributeError):
            nested.raw.raw  # noqa: B018
        assert accessor.storage["obs"]["score"].shape == (ROWS,), "the file for its own library"
    assert accessor.closed
    with pytest.raises(ValueError, match="is closed"):
        accessor.X  # noqa: B018


def test_subsets_that_do_not_exist_are_named(ln, artifact):
    artifact, _ = artifact
    with artifact.open() as accessor:
        with pytest.raises(KeyError, match="nobody"):
            accessor[["cell1", "nobody"]]
        with pytest.raises(IndexError, match="There is no row 999"):
            accessor[[1, 999]]
        with pytest.raises(IndexError, match="mask has 3 values"):
            accessor[[True, False, True]]
        with pytest.raises(KeyError, match="layers has no 'none'; it has counts, dense"):
            accessor.layers["none"]


@pytest.mark.parametrize("name", ["anndata_v0.5.0", "anndata_v0.7.0", "anndata_v0.11.4", "cxg_example_valid", "pbmc-small"])
def test_files_of_every_version_of_anndata(ln, name):
    from lamindb._datasets.accessor import AnnDataAccessor
    from lamindb._datasets.arrays import open_place

    path = DATA / f"singlecell/{name}.h5ad"
    wanted = anndata.read_h5ad(path)
    accessor = AnnDataAccessor(open_place((str(path),)), name)
    assert list(accessor.obs_names) == list(wanted.obs_names)
    rows = np.arange(0, wanted.n_obs, 3)
    if wanted.X is not None:
        same(accessor[rows].X, wanted.X[rows])
    for column in wanted.obs:
        assert list(accessor.obs[column].astype(str)) == list(wanted.obs[column].astype(str)), column
    assert accessor[:4].to_memory().shape == (min(4, wanted.n_obs), wanted.n_vars)


def test_a_column_is_added_as_a_new_version(ln, workplace):
    path = workplace / "added.zarr"
    made().write_zarr(path)
    artifact = ln.Artifact(path, key="open/added.zarr").save()
    first, before = artifact.uid, artifact.hash
    with artifact.open(mode="r+") as accessor:
        accessor.add_column("obs", "ones", np.ones(ROWS))
        assert (accessor.obs["ones"] == 1).all()
        accessor.add_column("var", "kind", pd.Categorical(["one"] + ["two"] * 29))
        assert list(accessor.var["kind"].cat.categories) == ["one", "two"]
        with pytest.raises(ValueError, match="has 3 values, obs has 300 rows"):
            accessor.add_column("obs", "short", [1, 2, 3])
    assert artifact.uid != first and artifact.uid.endswith("0001") and artifact.hash != before
    assert "ones" in artifact.load().obs and "ones" in artifact.open().obs
    with pytest.raises(RuntimeError), artifact.open(mode="r+") as accessor:
        accessor.add_column("obs", "half", np.ones(ROWS))
        raise RuntimeError
    assert artifact.uid.endswith("0001") and "half" not in artifact.open().obs, "what fails half-way is no version"
    with pytest.raises(ValueError, match="mode='r\\+'"):
        artifact.open().add_column("obs", "late", np.ones(ROWS))
    with pytest.raises(ValueError, match="cannot be opened with mode='w'"):
        artifact.open(mode="w")
    for version in artifact.versions:
        version.delete(permanent=True)
    shutil.rmtree(path)


def test_hdf5_and_zarr_that_are_no_anndata(ln, workplace):
    with h5py.File(workplace / "plain.h5", "w") as file:
        file["a/b"] = np.arange(5)
    group = zarr.open_group(str(workplace / "plain.zarr"), mode="w")
    group["a"] = np.arange(3)
    plain = ln.Artifact(workplace / "plain.h5", key="open/plain.h5").save()
    folder = ln.Artifact(workplace / "plain.zarr", key="open/plain.zarr").save()
    with plain.open() as accessor:
        assert type(accessor).__name__ == "BackedAccessor" and isinstance(accessor.storage, h5py.File)
        assert accessor.storage["a/b"][2] == 2
    assert accessor.closed
    with folder.open() as accessor:
        assert isinstance(accessor.storage, zarr.Group) and accessor.storage["a"][1] == 1
    with folder.open(mode="r+") as accessor:
        accessor.storage["b"] = np.arange(4)
    assert folder.uid.endswith("0001") and folder.open().storage["b"][3] == 3
    with pytest.raises(ValueError, match="cannot be opened with mode='r\\+'"):
        plain.open(mode="r+")
    for artifact in (plain, *folder.versions):
        artifact.delete(permanent=True)


def test_spatial_data(ln, workplace):
    """Its tables, without the package spatialdata: it is a zarr folder with AnnData tables."""
    path = workplace / "open.spatial.zarr"
    root = zarr.open_group(str(path), mode="w")
    root.attrs["spatialdata_attrs"] = {"version": "0.2"}
    adata = made()
    from anndata.io import write_elem

    write_elem(root, "tables/table", adata)
    artifact = ln.Artifact(path, key="open/spatial.zarr").save()
    with artifact.open() as accessor:
        assert type(accessor).__name__ == "SpatialDataAccessor" and accessor.tables.keys() == ["table"]
        same(accessor.tables["table"][:5].X, adata.X[:5])
        with pytest.raises(KeyError, match="there is no table 'x'; there are table"):
            accessor.tables["x"]
        assert "with tables: ['table']" in repr(accessor)
    with pytest.raises(ValueError, match="is closed"):
        accessor.tables
    artifact.delete(permanent=True)


def test_a_column_of_a_table_of_spatial_data(ln, workplace):
    """A table that is closed is a new version; inside of `with` of the whole, all tables together are one."""
    path = workplace / "added.spatialdata.zarr"
    root = zarr.open_group(str(path), mode="w")
    root.attrs["spatialdata_attrs"] = {"version": "0.2"}
    from anndata.io import write_elem

    for name in ("cells", "spots"):
        write_elem(root, f"tables/{name}", made())
    zarr.consolidate_metadata(root.store)
    artifact = ln.Artifact(path, key="open/added.spatialdata.zarr").save()
    with artifact.open(mode="r+").tables["cells"] as table:
        table.add_column("obs", "ones", np.ones(ROWS))
        assert (table.obs["ones"] == 1).all()
    assert artifact.uid.endswith("0001") and "ones" in artifact.open().tables["cells"].obs
    with artifact.open(mode="r+") as accessor:
        for name in accessor.tables.keys():
            with accessor.tables[name] as table:
                table.add_column("var", "kind", np.arange(30))
            assert artifact.uid.endswith("0001"), "not yet"
    assert artifact.uid.endswith("0002")
    with artifact.open() as accessor:
        assert all("kind" in accessor.tables[name].var for name in ("cells", "spots"))
        assert "ones" in accessor.tables["cells"].obs and "ones" not in accessor.tables["spots"].obs
        assert "kind" in accessor.storage["tables/cells/var"].attrs["column-order"]
    assert "kind" in zarr.open_consolidated(str(artifact.cache()))["tables/cells/var"], "the copies of the metadata are renewed"
    with pytest.raises(RuntimeError), artifact.open(mode="r+") as accessor:
        with accessor.tables["cells"] as table:
            table.add_column("obs", "half", np.ones(ROWS))
        raise RuntimeError
    with artifact.open(mode="r+") as accessor:
        pass
    assert artifact.uid.endswith("0002"), "neither what fails nor what changes nothing is a version"
    assert "half" not in artifact.open().tables["cells"].obs
    for version in artifact.versions:
        version.delete(permanent=True)
    shutil.rmtree(path)


def test_a_compressed_file(ln, workplace):
    made().write_h5ad(workplace / "packed.h5ad")
    (workplace / "packed.h5ad.gz").write_bytes(gzip.compress((workplace / "packed.h5ad").read_bytes()))
    artifact = ln.Artifact(workplace / "packed.h5ad.gz", key="open/packed.h5ad.gz").save()
    with artifact.open() as accessor:
        same(accessor[:3].X, made()[:3].X)
    artifact.delete(permanent=True)


@pytest.mark.parametrize("options", [{"compression": "gzip", "shuffle": True, "fletcher32": True}, {"compression": "lzf", "shuffle": True},
                                     {"libver": ("v110", "v110"), "compression": "gzip"}, {"dtype": ">f4"}, {"dtype": "f2"}, {"dtype": "u2"}])  # fmt: skip
def test_arrays_of_every_layout(ln, tmp_path, options):
    """Dense arrays of one to three dimensions, in chunks that do not fit, with holes and other orders of bytes."""
    from lamindb._datasets.arrays import open_place
    from lamindb._datasets.elements import BackedArray

    options, rng = dict(options), np.random.default_rng(0)
    library, dtype = options.pop("libver", "earliest"), options.pop("dtype", "f4")
    cells = (rng.random((50, 23, 3)) * 100).astype(dtype)
    with h5py.File(tmp_path / "a.h5", "w", libver=library) as file:
        file.create_dataset("chunks", data=cells, chunks=(7, 10, 2), **options)
        file.create_dataset("resized", data=cells, maxshape=(None, None, 3), chunks=(16, 8, 3), **options)
        file.create_dataset("plain", data=cells)
        holes = file.create_dataset("holes", shape=cells.shape, dtype=dtype, chunks=(10, 10, 3), fillvalue=7, **options)
        holes[20:30] = cells[20:30]
        wanted = {name: file[name][()] for name in file}
    root = open_place((str(tmp_path / "a.h5"),))
    for name, expected in wanted.items():
        array = BackedArray(root.child(name))
        assert array.shape == expected.shape and array.dtype == expected.dtype.newbyteorder("=")
        for index in [(), (slice(3, 30),), (4,), (..., 1), (slice(None), slice(5, 15), slice(1, 2)), (slice(None), 3, 2)]:
            assert np.array_equal(array[index], expected[index]), (name, index)
        rows, columns = np.array([40, 3, 3, 12]), np.array([22, 0, 11])
        assert np.array_equal(array[rows, columns], expected[rows][:, columns]), name


def test_a_remote_file_gives_obs_without_the_matrix(ln, tmp_path):
    """Of a file elsewhere only ranges are fetched: at most 1.2 times the bytes of obs."""
    from lamindb import _core
    from lamindb._datasets.accessor import AnnDataAccessor
    from lamindb._datasets.arrays import Part

    cells = 1_000_000
    rng = np.random.default_rng(0)
    obs = {"cell_type": (60, "i1"), "donor": (400, "i2"), "tissue": (20, "i1")}
    path = tmp_path / "atlas.h5ad"
    adata = anndata.AnnData(sparse.random(2_000, 500, 0.1, "csr", dtype=np.float32))
    adata.write_h5ad(path)
    del adata
    with h5py.File(path, "r+") as file:  # as anndata would write it, without a million rows of a matrix in memory
        del file["obs"]
        table = file.create_group("obs")
        table.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index"})
        table.attrs["column-order"] = np.array([*obs, "n_counts"], dtype=h5py.string_dtype())
        names = table.create_dataset("_index", data=np.array([f"cell-{i:07d}" for i in range(cells)], dtype=object), dtype=h5py.string_dtype(), chunks=(50_000,))
        names.attrs.update({"encoding-type": "string-array", "encoding-version": "0.2.0"})
        for name, (levels, dtype) in obs.items():
            column = table.create_group(name)
            column.attrs.update({"encoding-type": "categorical", "encoding-version": "0.2.0", "ordered": False})
            column.create_dataset("codes", data=rng.integers(0, levels, cells).astype(dtype), compression="gzip", chunks=(100_000,))
            column.create_dataset("categories", data=np.array([f"{name} {i}" for i in range(levels)], dtype=object), dtype=h5py.string_dtype())
        table.create_dataset("n_counts", data=rng.random(cells).astype("f4"))
    size, matrix = path.stat().st_size, []
    with h5py.File(path) as file:
        data = file["X/data"]
        matrix = [(data.id.get_chunk_info(i).byte_offset, data.id.get_chunk_info(i).size) for i in range(data.id.get_num_chunks())] or [(data.id.get_offset(), data.id.get_storage_size())]  # fmt: skip
        columns = sum(file[f"obs/{name}/{part}"].id.get_storage_size() for name in obs for part in ("codes", "categories"))
        of_obs = columns + file["obs/n_counts"].id.get_storage_size() + cells * 16 + cells * (16 + 16)  # references, and heaps with their headers
    fetched, content = [], open(path, "rb")

    def read(offset, length):
        fetched.append((offset, length))
        content.seek(offset)
        return content.read(length)

    root = Part(_core.open_ranges(read, size, "s3://bucket/atlas.h5ad"), "")
    accessor = AnnDataAccessor(root, "atlas.h5ad")
    table = accessor.obs
    assert table.shape == (cells, 4) and table.index[-1] == "cell-0999999" and table["donor"].cat.categories[7] == "donor 7"
    total = sum(length for _, length in fetched)
    assert total <= 1.2 * of_obs, f"{total} bytes were fetched for {of_obs} of obs"
    assert root.file.bytes_read == total
    for offset, length in fetched:
        inside = any(begin < offset + length and offset < begin + n for begin, n in matrix if n > 1 << 16)
        assert not inside or length <= 32 << 10, "a page of metadata may touch it, nothing else"
    few = len(fetched)
    assert accessor[5:9, :3].X.shape == (4, 3), "rows are ranges, too"
    assert sum(length for _, length in fetched[few:]) < 1 << 20
    content.close()


def test_a_remote_file_that_fails_says_so(ln, tmp_path):
    from lamindb import _core
    from lamindb._datasets.arrays import Part

    made().write_h5ad(tmp_path / "a.h5ad")
    content = (tmp_path / "a.h5ad").read_bytes()

    def read(offset, length):
        if offset > 20_000:
            raise ConnectionError("the network is gone")
        return content[offset : offset + length]

    with pytest.raises(ConnectionError, match="the network is gone"):
        root = Part(_core.open_ranges(read, len(content), "far.h5ad"), "")
        for slot in ("obs", "X", "layers", "uns"):
            for name in root.child(slot).keys():
                root.child(slot).child(name).attrs  # noqa: B018
        root.child("X/data").read()
    with pytest.raises(ln.errors.CorruptData, match="far.h5ad' ends before byte"):
        _core.open_ranges(lambda offset, length: content[offset : offset + length], len(content) + 1000, "far.h5ad")


def damaged_bytes(content):
    rng = np.random.default_rng(5)
    yield b""
    yield b"this is no HDF5 file"
    for size in (100, 2_000, len(content) // 2, len(content) - 100):
        yield content[:size]
    for _ in range(30):
        broken = bytearray(content)
        for at in rng.integers(0, len(content), 40):
            broken[at] ^= int(rng.integers(1, 256))
        yield bytes(broken)


@pytest.mark.parametrize("compression", [None, "gzip"])
def test_damaged_files_give_an_error_and_no_crash(ln, tmp_path, compression):
    """Whatever is broken, the process survives and says which file it is."""
    from lamindb._datasets.accessor import AnnDataAccessor
    from lamindb._datasets.arrays import open_place

    good = tmp_path / "good.h5ad"
    made().write_h5ad(good, compression=compression)
    failed = 0
    for i, content in enumerate(damaged_bytes(good.read_bytes())):
        path = tmp_path / f"bad{i}.h5ad"
        path.write_bytes(content)
        try:
            accessor = AnnDataAccessor(open_place((str(path),)), path.name)
            accessor[::2].to_memory()
        except Exception as error:
            failed += 1
            assert not isinstance(error, (SystemError, MemoryError)), error
    assert failed >= 10


@pytest.mark.parametrize("name", sorted(path.name for path in (DATA / "hostile").glob("*.h5ad")))
def test_hostile_files_are_survived(ln, name):
    from lamindb._datasets.accessor import AnnDataAccessor
    from lamindb._datasets.arrays import open_place

    path = str(DATA / "hostile" / name)
    with pytest.raises((ln.errors.LaminError, ValueError, KeyError, NotImplementedError)):
        AnnDataAccessor(open_place((path,)), name).to_memory()


def test_a_folder_that_is_no_zarr_and_damaged_chunks(ln, tmp_path):
    from lamindb._datasets.arrays import open_place

    (tmp_path / "x.zarr").mkdir()
    with pytest.raises(ValueError, match="no zarr group"):
        open_place((str(tmp_path / "x.zarr"),))
    made().write_zarr(tmp_path / "y.zarr")
    chunk = next(path for path in (tmp_path / "y.zarr/X/data").rglob("*") if path.is_file() and path.name not in (".zarray", ".zattrs", "zarr.json"))
    chunk.write_bytes(chunk.read_bytes()[:10])
    with pytest.raises(ValueError, match="X/data"):
        open_place((str(tmp_path / "y.zarr"),)).child("X/data").read()
