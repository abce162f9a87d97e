"""Collection.mapped() and that of query sets: rows, labels and joins as LaminDB gives them, in any number of processes."""

import multiprocessing
import pickle

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

GENES = ["MYC", "TCF7", "GATA1"]


def small(matrix, labels, genes=GENES):
    adata = anndata.AnnData(np.array(matrix), obs=pd.DataFrame({"feat1": labels}, index=["0", "1"]), var=pd.DataFrame(index=genes))
    adata.obsm["X_pca"] = np.array([[1, 2], [3, 4]])
    adata.obs["feat2"] = adata.obs["feat1"]
    return adata


@pytest.fixture(scope="module")
def parts(ln):
    """Two files with the same variables, dense h5ad and csr zarr, and one with other variables and a missing label."""
    one = small([[1, 2, 3], [4, 5, 6]], ["A", "B"])
    one.raw = one[:, :2].copy()
    one.strings_to_categoricals()
    one.layers["layer1"] = one.X.copy()
    one.layers["layer1"][0, 0] = 0
    two = small([[1, 2, 5], [4, 5, 8]], ["A", "B"])
    two.X = sparse.csr_matrix(two.X)
    two.layers["layer1"] = two.X.copy()
    three = two.copy()
    three.var_names = ["A", "B", "C"]
    three.obs.loc["0", "feat1"] = np.nan
    four = one.copy()
    four.layers["layer1"] = sparse.csc_matrix(four.layers["layer1"])
    made = [
        ln.Artifact.from_anndata(one, key="mapped/one.h5ad").save(),
        ln.Artifact.from_anndata(two, key="mapped/two.zarr", format="zarr").save(),
        ln.Artifact.from_anndata(three, key="mapped/other.h5ad").save(),
        ln.Artifact.from_anndata(four, key="mapped/csc.h5ad").save(),
    ]
    yield made
    for artifact in made:
        artifact.delete(permanent=True)


@pytest.fixture(scope="module")
def gather(ln, parts):
    collection = ln.Collection(parts[:2], key="mapped/gather").save()
    yield collection
    collection.delete(permanent=True)


@pytest.fixture(scope="module")
def all_three(ln, parts):
    collection = ln.Collection(parts[:3], key="mapped/outer").save()
    yield collection
    collection.delete(permanent=True)


def test_items(ln, gather):
    with gather.mapped(obs_keys="feat1") as mapped:
        assert type(mapped).__name__ == "MappedCollection" and len(mapped) == 4 and mapped.shape == (4, 3)
        assert mapped.original_shapes == [(2, 3), (2, 3)] and not mapped.closed
        assert set(mapped[0]) == {"_store_idx", "X", "feat1"} and list(mapped[2]["X"]) == [1, 2, 5]
        assert mapped[0]["_store_idx"] == 0 and mapped[3]["_store_idx"] == 1 and mapped[-1]["_store_idx"] == 1
        assert [item["feat1"] for item in mapped.__getitems__([3, 0, 1, 2])] == [1, 0, 1, 0]
        assert [list(item["X"]) for item in mapped.__getitems__([3, 0])] == [[4, 5, 8], [1, 2, 3]]
        assert not mapped.check_vars_sorted() and mapped.check_vars_non_aligned(GENES) == []
        with pytest.raises(IndexError):
            mapped[4]
    assert mapped.closed
    with pytest.raises(ValueError, match="is closed"):
        mapped[0]


def test_matrices_and_types(ln, gather):
    with gather.mapped(layers_keys=["layer1", "X", "raw.X"], obsm_keys=["X_pca", "none"], obs_keys=["feat1", "none"]) as mapped:
        assert list(mapped[0]["layer1"]) == [0, 2, 3] and list(mapped[2]["layer1"]) == [1, 2, 5]
        assert mapped[0]["raw.X"].shape == (2,) and "raw.X" not in mapped[2], "a file that does not have one leaves it out"
        assert list(mapped[3]["obsm_X_pca"]) == [3, 4] and "obsm_none" not in mapped[0] and "none" not in mapped[0]
        assert np.issubdtype(mapped[2]["X"].dtype, np.integer)
    with gather.mapped(dtype="float32") as mapped:
        assert {str(mapped[i]["X"].dtype) for i in range(4)} == {"float32"}
    with gather.mapped(dtype="float16", parallel=True, stream=True) as mapped:
        assert mapped[2]["X"].dtype == np.float16 and list(mapped[2]["X"]) == [1, 2, 5]


def test_labels(ln, gather):
    for wrong in (dict(encode_labels=["feat1"]), dict(obs_keys="feat1", encode_labels=["feat3"]), dict(obs_keys="feat1", unknown_label={"feat3": "x"})):
        with pytest.raises(ValueError, match="all of them have to be"):
            gather.mapped(**wrong)
    with gather.mapped(obs_keys=["feat1", "feat2"], unknown_label="A") as mapped:
        assert mapped.encoders == {"feat1": {"A": -1, "B": 0}, "feat2": {"A": -1, "B": 0}}
        assert mapped[0]["feat1"] == -1 and mapped[1]["feat2"] == 0
    with gather.mapped(obs_keys=["feat1", "feat2"], unknown_label={"feat1": "A"}) as mapped:
        assert mapped.encoders == {"feat1": {"A": -1, "B": 0}, "feat2": {"A": 0, "B": 1}}
    with gather.mapped(obs_keys=["feat1", "feat2"], unknown_label="A", encode_labels=["feat1"]) as mapped:
        assert mapped[0]["feat1"] == -1 and mapped[0]["feat2"] == "A" and "feat2" not in mapped.encoders
        assert mapped.get_merged_categories("feat1") == ["A", "B"] and list(mapped.get_merged_labels("feat2")) == ["A", "B", "A", "B"]
        assert list(mapped.get_label_weights("feat1")) == [0.5] * 4
        assert list(mapped.get_label_weights(["feat1", "feat2"], scaler=1.0)) == [1 / 3] * 4
        assert mapped.get_label_weights(["feat1", "feat2"], scaler=1.0, return_categories=True) == {"A__A": 1 / 3, "B__B": 1 / 3}


def test_joins(ln, all_three):
    with pytest.raises(ValueError, match="share no variable"):
        all_three.mapped(obs_keys="feat1", join="inner")
    with pytest.raises(ValueError, match="join is 'left'"):
        all_three.mapped(join="left")
    with all_three.mapped(layers_keys="X", obsm_keys="X_pca", obs_keys="feat1", join="outer") as mapped:
        assert mapped.shape == (6, 6) and mapped.join_vars == "outer" and len(mapped.var_joint) == 6
        rows = [list(mapped[i]["X"]) for i in range(6)]
        assert rows == [[0, 0, 0, 3, 1, 2], [0, 0, 0, 6, 4, 5], [0, 0, 0, 5, 1, 2], [0, 0, 0, 8, 4, 5], [1, 2, 5, 0, 0, 0], [4, 5, 8, 0, 0, 0]]
        assert mapped[4]["feat1"] is np.nan and mapped.check_vars_non_aligned(GENES) == [2]
        assert len(mapped.get_label_weights("feat1")) == 6
    with all_three.mapped(join=None) as mapped:
        assert mapped.shape == (6, None) and list(mapped[4]["X"]) == [1, 2, 5]


def test_an_inner_join_of_overlapping_variables(ln):
    rng = np.random.default_rng(0)
    matrices = [sparse.random(20, 30, 0.3, "csr", dtype=np.float32, random_state=i) for i in range(2)]
    names = [[f"g{i}" for i in range(30)], [f"g{i}" for i in rng.permutation(np.arange(10, 40))]]
    made = [anndata.AnnData(matrix, var=pd.DataFrame(index=genes)) for matrix, genes in zip(matrices, names)]
    artifacts = [ln.Artifact.from_anndata(adata, key=f"mapped/inner{i}.h5ad").save() for i, adata in enumerate(made)]
    for join in ("inner", "outer"):
        wanted = anndata.concat(made, join=join, fill_value=0)
        with ln.Artifact.filter(key__startswith="mapped/inner").order_by("id").mapped(join=join, dtype="float64") as mapped:
            expected = wanted[:, list(mapped.var_joint)].X.toarray()
            got = np.array([item["X"] for item in mapped.__getitems__(range(40))])
            assert got.dtype == np.float64 and np.array_equal(got, expected)
    for artifact in artifacts:
        artifact.delete(permanent=True)


@pytest.mark.parametrize("given, rows", [
    ({"feat1": "B"}, 2), ({"feat1": "B", "feat2": ("A", "B")}, 2), ({"feat1": np.nan}, 1), ({"feat1": (np.nan,), "feat2": ["A", "B"]}, 1),
    ({"feat1": (np.nan, "A", "B")}, 6), ({"feat1": ["A", "B"]}, 5), ({"feat1": ("A", np.nan)}, 3), ({"none": "A"}, 0),
    (("feat1", ("A", "B")), 5), (("feat1", "B"), 3),
])  # fmt: skip
def test_filters(ln, all_three, gather, given, rows):
    collection = gather if given in ({"feat1": "B"}, {"feat1": "B", "feat2": ("A", "B")}) else all_three
    with collection.mapped(obs_filter=given, join="outer") as mapped:
        assert len(mapped) == rows == len(mapped.__getitems__(range(rows)))
        if rows:
            assert len(mapped.get_label_weights("feat2")) == rows
    if given == {"feat1": "B"}:
        assert mapped.original_shapes == [(1, 3), (1, 3)] and mapped.n_obs_list == [1, 1]


def test_what_cannot_be_mapped(ln, parts, gather, said):
    csc = ln.Collection([parts[3], parts[1]], key="mapped/csc").save()
    with pytest.raises(ValueError, match="layers/layer1 in .* is a csc matrix"):
        csc.mapped(layers_keys="layer1")
    csc.delete(permanent=True)
    frame = ln.Artifact.from_dataframe(pd.DataFrame({"a": [1]}), key="mapped/table.parquet").save()
    said()
    with ln.Artifact.filter(key__in=["mapped/table.parquet", "mapped/one.h5ad"]).mapped() as mapped:
        assert len(mapped) == 2
    assert "mapped/table.parquet" in said()
    with pytest.raises(ValueError, match="no .h5ad or .zarr artifact"):
        ln.Artifact.filter(key="mapped/table.parquet").mapped()
    frame.delete(permanent=True)


def test_before_it_is_saved(ln, parts):
    with ln.Collection(parts[:2], key="mapped/unsaved").mapped() as mapped:
        assert mapped.shape == (4, 3)


def rows_of(mapped, indices, queue=None):
    rows = [(list(item["X"]), item["feat1"]) for item in mapped.__getitems__(indices)]
    return rows if queue is None else queue.put(rows)


@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_workers(ln, gather, how):
    """A data loader's workers are forked or spawned from a process that has the files open."""
    context = multiprocessing.get_context(how)
    with gather.mapped(obs_keys="feat1") as mapped:
        here, queue = rows_of(mapped, [0, 3]), context.Queue()
        workers = [context.Process(target=rows_of, args=(mapped, [0, 3], queue)) for _ in range(3)]
        for worker in workers:
            worker.start()
        assert [queue.get(timeout=100) for _ in workers] == [here] * 3
        for worker in workers:
            worker.join(60)
        assert [worker.exitcode for worker in workers] == [0] * 3
        copy = pickle.loads(pickle.dumps(mapped))
        assert rows_of(copy, [0, 3]) == here


def test_it_needs_no_torch(ln, gather, script):
    done = script(
        "import sys\nimport lamindb as ln\n"
        "mapped = ln.Collection.get(key='mapped/gather').mapped(obs_keys='feat1')\n"
        "print(len(mapped), mapped[3]['feat1'], 'torch' in sys.modules, 'h5py' in sys.modules)\n"
    )
    assert done.stdout.split()[-4:] == ["4", "1", "False", "False"], done.stderr


def test_large_files_in_any_order(ln, tmp_path):
    """Compressed chunks, of which only some are kept, and rows in any order and more than once."""
    from lamindb.core import MappedCollection

    paths, matrices = [], []
    for i, kind in enumerate(("csr", "dense")):
        matrix = sparse.random(3_000, 200, 0.1, "csr", dtype=np.float32, random_state=i)
        adata = anndata.AnnData(matrix if kind == "csr" else matrix.toarray())
        adata.obs["label"] = pd.Categorical(np.arange(3_000) % 7)
        adata.write_h5ad(tmp_path / f"{kind}.h5ad", compression="gzip")
        paths.append(tmp_path / f"{kind}.h5ad")
        matrices.append(matrix.toarray())
    wanted, rng = np.vstack(matrices), np.random.default_rng(0)
    with MappedCollection(paths, obs_keys="label") as mapped:
        for storage in mapped.storages:
            storage.file.keep(1 << 20)
        for _ in range(20):
            rows = rng.integers(0, 6_000, 64)
            items = mapped.__getitems__(rows)
            assert np.array_equal([item["X"] for item in items], wanted[rows])
            assert [item["label"] for item in items] == [row % 3_000 % 7 for row in rows]
