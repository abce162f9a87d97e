"""Mapped collections as datasets of real data loaders of torch: workers, samplers, batches, an epoch's memory."""

import gc
import os
import pickle
import subprocess
import sys

import anndata
import numpy as np
import pandas as pd
import pytest
import torch
from scipy import sparse
from torch.utils.data import BatchSampler, DataLoader, Subset, WeightedRandomSampler

GENES, CELLS = 60, 90


def one_file(number, kind):
    """Genes overlap with those of the next file, and so do the categories of its labels."""
    rng = np.random.default_rng(number)
    matrix = sparse.random(CELLS, GENES, 0.3, "csr", dtype=np.float32, random_state=number)
    matrix.data[:] = rng.integers(1, 9, matrix.nnz)
    labels = [f"type {(number + i) % 5}" for i in range(4)]
    obs = pd.DataFrame({
        "cell_type": pd.Categorical(rng.choice(labels, CELLS, p=[0.7, 0.1, 0.1, 0.1])),
        "donor": rng.choice(["d1", "d2"], CELLS),
        "age": rng.integers(20, 90, CELLS),
        "cell": [f"{number}-{i}" for i in range(CELLS)],
    }, index=[f"c{number}-{i}" for i in range(CELLS)])  # fmt: skip
    obs.loc[obs.index[3], "cell_type"] = np.nan
    adata = anndata.AnnData(matrix.toarray() if "dense" in kind else matrix, obs=obs)
    adata.var_names = [f"g{(i + 7 * number) % 100:03}" for i in range(GENES)]
    adata.layers["counts"] = matrix.copy()
    adata.obsm["X_pca"] = rng.normal(size=(CELLS, 5)).astype("float32")
    return adata


KINDS = ["plain csr", "gzip csr", "gzip dense", "lzf csr", "zarr csr", "zarr dense"]


@pytest.fixture(scope="module")
def made():
    return [one_file(number, kind) for number, kind in enumerate(KINDS)]


@pytest.fixture(scope="module")
def atlas(ln, made, tmp_path_factory):
    folder, artifacts = tmp_path_factory.mktemp("files"), []
    for number, (adata, kind) in enumerate(zip(made, KINDS)):
        path = folder / f"{number}.{'zarr' if 'zarr' in kind else 'h5ad'}"
        if "zarr" in kind:
            adata.write_zarr(path, chunks=(16, GENES))
        else:
            adata.write_h5ad(path, compression=next((name for name in ("gzip", "lzf") if name in kind), None))
        artifacts.append(ln.Artifact(path, key=f"torch/{path.name}").save())
    return ln.Collection(artifacts, key="torch/atlas").save()


@pytest.fixture(scope="module")
def expected(made):
    """Rows by the name of their cell, as anndata joins the files."""
    joined = anndata.concat([adata[:, sorted(adata.var_names)] for adata in made], join="outer", fill_value=0)
    joined = joined[:, sorted(joined.var_names)]
    matrix = joined.X.toarray() if sparse.issparse(joined.X) else joined.X
    return dict(zip(joined.obs["cell"], matrix)), joined.obs.set_index("cell")


def check(batch, expected):
    rows, obs = expected
    assert isinstance(batch["X"], torch.Tensor) and batch["X"].dtype == torch.float32
    for i, cell in enumerate(batch["cell"]):
        assert np.array_equal(batch["X"][i].numpy(), rows[cell])
        assert batch["donor"][i] == obs["donor"][cell] and batch["age"][i] == obs["age"][cell]


LABELS = {"obs_keys": ["donor", "age", "cell"], "encode_labels": []}


@pytest.mark.parametrize("how", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("prepared", [True, False])
def test_workers(atlas, expected, how, prepared):
    """Each observation once, in any process, whether its worker was prepared or not."""
    with atlas.mapped(join="outer", parallel=prepared, **LABELS) as mapped:
        loader = DataLoader(mapped, batch_size=32, shuffle=True, num_workers=2, multiprocessing_context=how, persistent_workers=True,
                            worker_init_fn=mapped.torch_worker_init_fn if prepared else None)  # fmt: skip
        for _ in range(2):
            cells = []
            for batch in loader:
                check(batch, expected)
                cells += batch["cell"]
            assert sorted(cells) == sorted(expected[0]) and cells != sorted(cells)
        workers = list(loader._iterator._workers)
        loader._iterator._shutdown_workers()
        assert [worker.exitcode for worker in workers] == [0, 0]
        check(mapped.__getitems__([0]) and next(iter(DataLoader(mapped))), expected)  # this process still has its own files


def test_in_this_process(atlas, expected):
    with atlas.mapped(join="outer", **LABELS) as mapped:
        seen = [cell for batch in DataLoader(mapped, batch_size=50, drop_last=True) for cell in batch["cell"]]
        assert len(seen) == 500 and seen == list(expected[1].index[:500]), "in order, without the incomplete batch"
        for batch in DataLoader(mapped, batch_sampler=BatchSampler(range(0, 540, 7), 16, False)):
            check(batch, expected)
        part = Subset(mapped, [5, 500, 90])
        assert next(iter(DataLoader(part, batch_size=3)))["cell"] == [expected[1].index[i] for i in (5, 500, 90)]
        train, rest = torch.utils.data.random_split(mapped, [400, 140])
        assert sum(len(batch["cell"]) for batch in DataLoader(train, batch_size=64)) == 400 and len(rest) == 140


def test_weights(atlas, expected):
    """Rare labels are drawn as often as frequent ones."""
    with atlas.mapped(join="inner", obs_keys=["cell_type", "cell"], encode_labels=["cell_type"]) as mapped:
        weights = mapped.get_label_weights("cell_type")
        assert weights.shape == (540,) and np.isclose(weights.sum(), 6), "five labels, and no label"
        torch.manual_seed(0)
        sampler = WeightedRandomSampler(weights, num_samples=6000, replacement=True)
        drawn = [cell for batch in DataLoader(mapped, batch_size=500, sampler=sampler) for cell in batch["cell"]]
        labels = expected[1].loc[drawn, "cell_type"].astype(object).fillna("none").value_counts()
        assert len(labels) == 6 and labels.min() > 800 and labels.max() < 1200
        categories = [f"type {i}" for i in range(5)]
        assert mapped.get_merged_categories("cell_type") == categories
        assert mapped.encoders["cell_type"] == {name: i for i, name in enumerate(categories)}


def test_labels_become_tensors(atlas, expected):
    with atlas.mapped(layers_keys=["X", "counts"], obsm_keys="X_pca", obs_keys="donor", obs_filter={"cell_type": ["type 1", "type 2"]},
                      join="outer", dtype="float64", unknown_label="d2") as mapped:  # fmt: skip
        assert len(mapped) == int(expected[1]["cell_type"].isin(["type 1", "type 2"]).sum())
        batch = next(iter(DataLoader(mapped, batch_size=16)))
        assert set(batch) == {"_store_idx", "X", "counts", "obsm_X_pca", "donor"}
        assert batch["X"].dtype == batch["counts"].dtype == torch.float64 and torch.equal(batch["X"], batch["counts"])
        assert batch["obsm_X_pca"].shape == (16, 5) and batch["donor"].dtype == torch.int64
        assert set(batch["donor"].tolist()) <= {-1, 0} and batch["_store_idx"].dtype == torch.int64


def test_a_copy_for_another_process(atlas, expected):
    with atlas.mapped(join="outer", **LABELS) as mapped:
        copy = pickle.loads(pickle.dumps(mapped))
    check(next(iter(DataLoader(copy, batch_size=8, shuffle=True))), expected)  # the first is closed
    copy.close()
    with pytest.raises(ValueError, match="is closed"):
        next(iter(DataLoader(copy)))


def test_closed_before_its_workers_start(atlas, expected):
    """With `parallel`, what is closed belongs to this process only, as in LaminDB."""
    with atlas.mapped(join="outer", parallel=True, **LABELS) as mapped:
        pass
    assert mapped.closed
    for batch in DataLoader(mapped, batch_size=200, num_workers=2):
        check(batch, expected)


KILLED = """
import sys
from lamindb.core import MappedCollection
from torch.utils.data import DataLoader

mapped = MappedCollection(sys.argv[1:], join="outer")
loader = iter(DataLoader(mapped, batch_size=4, num_workers=2))
next(loader)
loader._workers[0].kill()
for _ in loader:
    pass
"""


def test_a_killed_worker_is_an_error(atlas):
    """torch says so; nothing hangs, and the next loader works."""
    paths = [str(artifact.cache()) for artifact in atlas.ordered_artifacts]
    done = subprocess.run([sys.executable, "-c", KILLED, *paths], capture_output=True, text=True, timeout=300)
    said = ("is killed by signal: Killed", "Connection reset", "ConnectionRefused")  # the latter for a batch that it was handing over
    assert done.returncode == 1 and any(words in done.stderr for words in said), done.stderr
    with atlas.mapped(join="outer") as mapped:
        assert sum(len(batch["X"]) for batch in DataLoader(mapped, batch_size=100, num_workers=2)) == 540


def test_files_that_leave_the_cache_meanwhile(ln, atlas, expected, tmp_path):
    """What is open is read to its end; a worker that starts later is told which file is gone."""
    adata = one_file(1, "gzip csr")
    adata.write_h5ad(tmp_path / "gone.h5ad", compression="gzip")
    with ln.core.MappedCollection([tmp_path / "gone.h5ad"], obs_keys="cell", encode_labels=False) as mapped:
        batches = iter(DataLoader(mapped, batch_size=10))
        next(batches)
        (tmp_path / "gone.h5ad").unlink()
        assert sum(len(batch["cell"]) for batch in batches) == CELLS - 10
        with pytest.raises(FileNotFoundError, match="gone.h5ad' cannot be read"):
            next(iter(DataLoader(mapped, num_workers=1, multiprocessing_context="spawn")))


def memory():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_epochs_do_not_grow(ln, tmp_path):
    """Random batches over compressed files that are larger than what is kept of them."""
    paths = []
    for number in range(4):
        matrix = sparse.random(4000, 2000, 0.1, "csr", dtype=np.float32, random_state=number)
        anndata.AnnData(matrix).write_h5ad(tmp_path / f"{number}.h5ad", compression="gzip")
        paths.append(tmp_path / f"{number}.h5ad")
    with ln.core.MappedCollection(paths) as mapped:
        for storage in mapped.storages:
            storage.file.keep(2 << 20)
        loader = DataLoader(mapped, batch_size=128, sampler=torch.randperm(16_000)[:4000].tolist())
        after = []
        for _ in range(4):
            assert sum(int((batch["X"] > 0).sum()) for batch in loader) > 0
            after.append(memory())
    assert after[-1] - after[0] < 30 << 20, after
