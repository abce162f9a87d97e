"""Datasets read in parts: one script, run by LaminDB and by ours on the same instance, has the same results."""
import json

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

ROWS, GENES = 40, 25


def one_file(number):
    """Variables, categories and columns that only some files have; missing labels; nullable columns."""
    rng = np.random.default_rng(number)
    matrix = sparse.random(ROWS, GENES, 0.4, "csr", dtype=np.float32, random_state=number)
    obs = pd.DataFrame({
        "cell_type": pd.Categorical(rng.choice(["T cell", "B cell", f"only {number}"], ROWS)),
        "donor": rng.choice(["d1", "d2"], ROWS),
        "age": rng.integers(20, 25, ROWS),
        "score": rng.normal(size=ROWS).round(3),
        "good": rng.random(ROWS) < 0.5,
        "count": pd.array(rng.integers(0, 3, ROWS), dtype="Int64"),
    }, index=[f"c{number}-{i}" for i in range(ROWS)])  # fmt: skip
    obs.loc[obs.index[3], "cell_type"] = np.nan
    obs.loc[obs.index[5], "count"] = pd.NA
    if number == 1:
        obs["extra"] = "x"
    adata = anndata.AnnData(matrix.toarray() if number == 2 else matrix, obs=obs)
    adata.var_names = [f"g{(i + 5 * number) % 40:02}" for i in range(GENES)]
    adata.var["kind"] = pd.Categorical(rng.choice(["a", "b"], GENES))
    adata.layers["counts"] = (matrix * 2).tocsr()
    adata.obsm["X_pca"] = rng.normal(size=(ROWS, 3)).round(3)
    adata.varm["PCs"] = rng.normal(size=(GENES, 2)).round(3)
    adata.obsp["distances"] = sparse.random(ROWS, ROWS, 0.1, "csr", random_state=number)
    adata.varp["corr"] = rng.normal(size=(GENES, GENES)).round(3)
    adata.uns["told"] = {"one": 1, "names": np.array(["a", "b"])}
    if number == 0:
        adata.raw = adata[:, :20].copy()
    adata.obs = adata.obs.drop(columns="count" if number == 1 else "good")
    return adata


@pytest.fixture
def world(folder, lamin, ours):
    from interop_support import run

    run([lamin, "init", "--storage", folder / "st", "--name", "interop", "--modules", "bionty"], folder)
    one_file(0).write_h5ad(folder / "0.h5ad", compression="gzip")
    one_file(1).write_h5ad(folder / "1.h5ad")
    one_file(2).write_h5ad(folder / "2.h5ad", compression="lzf")
    one_file(3).write_zarr(folder / "3.zarr")
    ours("import lamindb as ln\n"
         "made = [ln.Artifact(name, key=f'data/{name}').save() for name in ('0.h5ad', '1.h5ad', '2.h5ad', '3.zarr')]\n"
         "ln.Collection(made, key='atlas').save()", folder)  # fmt: skip
    return folder


SHOWN = '''
import json
import numpy as np
import pandas as pd
import lamindb as ln


def shown(value):
    """NaN as None: of zarr, LaminDB gives it as the text "nan", and it gives NaN of a nullable column a number of its own."""
    if isinstance(value, dict):
        return {str(key): shown(one) for key, one in value.items() if str(key) != "nan"}
    if isinstance(value, pd.DataFrame):
        return [list(map(str, value.index)), {name: shown(value[name]) for name in value.columns}]
    if isinstance(value, (pd.Series, pd.Index)):
        return [str(value.dtype), [None if pd.isna(one) else str(one) for one in value]]
    if hasattr(value, "toarray"):
        return [type(value).__name__, str(value.dtype), value.toarray().tolist()]
    if isinstance(value, np.ndarray) and str(value.dtype).startswith("StringDType"):
        value = value.astype(object)
    if isinstance(value, np.ndarray):
        return [str(value.dtype), value.shape, [None if str(one) == "nan" else str(one) for one in value.ravel()]]
    if isinstance(value, (np.floating, float)) and value != value:
        return None
    if isinstance(value, np.integer) and value.dtype == np.int64:
        value = int(value)
    if isinstance(value, (list, tuple, range)):
        return [shown(one) for one in value]
    return [type(value).__name__, str(value)]


def attempt(work):
    try:
        return shown(work())
    except Exception as error:
        return f"fails: {type(error).__name__}"


out = {}
'''

MAPPED = """
collection = ln.Collection.get(key="atlas")
for given in [
    {}, {"join": "outer"}, {"join": None}, {"obs_keys": "cell_type", "join": "outer"}, {"obs_keys": ["cell_type", "donor", "extra"], "join": "outer"},
    {"obs_keys": ["age", "score", "count", "donor"], "encode_labels": False}, {"obs_keys": ["age", "count", "good"], "join": None},
    {"obs_keys": ["cell_type", "donor"], "encode_labels": ["donor"], "unknown_label": "d2"},
    {"obs_keys": ["cell_type", "donor"], "unknown_label": {"cell_type": "T cell"}}, {"obs_keys": "cell_type", "cache_categories": False},
    {"layers_keys": ["X", "counts", "raw.X"], "obsm_keys": ["X_pca"], "join": "outer", "dtype": "float64"},
    {"layers_keys": "counts", "obsm_keys": "none"}, {"obs_filter": {"cell_type": ["T cell", "only 2"]}, "join": "outer", "obs_keys": "cell_type"},
    {"obs_filter": {"cell_type": "B cell", "donor": ("d1",)}, "obs_keys": "age"}, {"obs_filter": {"cell_type": (np.nan, "only 1")}, "obs_keys": "cell_type"},
    {"parallel": True, "obs_keys": "donor"}, {"stream": True, "obs_keys": "donor"}, {"dtype": "float16", "join": "outer"},
    {"encode_labels": ["none"]}, {"join": "left"}, {"obs_keys": "donor", "unknown_label": {"none": "x"}},
]:
    at = str(given)
    try:
        mapped = collection.mapped(**given)
    except Exception as error:
        out[at] = f"fails: {type(error).__name__}"
        continue
    with mapped:
        out[at, "len"] = len(mapped)
        out[at, "items"] = attempt(lambda: [mapped[i] for i in range(len(mapped))])
        out[at, "last"] = attempt(lambda: mapped[-1])
        for name in ("shape", "original_shapes", "encoders", "n_obs", "n_obs_list", "n_vars", "n_vars_list", "indices", "storage_idx", "join_vars",
                     "var_joint", "var_indices", "var_list", "layers_keys", "obs_keys", "obsm_keys", "encode_labels", "unknown_label", "filtered",
                     "parallel", "closed", "indices_list"):
            out[at, name] = shown(getattr(mapped, name, {}))
        out[at, "sorted"] = [mapped.check_vars_sorted(), mapped.check_vars_sorted(ascending=False)]
        out[at, "aligned"] = mapped.check_vars_non_aligned([f"g{i:02}" for i in range(25)])
        for key in ("cell_type", "donor", "age", "score", "good", "extra"):
            for method in ("get_merged_labels", "get_merged_categories", "get_label_weights"):
                out[at, key, method] = attempt(lambda: getattr(mapped, method)(key))
        out[at, "weights"] = attempt(lambda: mapped.get_label_weights(["cell_type", "donor"], scaler=2.0))
        out[at, "by label"] = attempt(lambda: mapped.get_label_weights(["cell_type", "donor"], return_categories=True))
        out[at, "beyond"] = attempt(lambda: mapped[10_000])
    out[at, "at the end"] = mapped.closed
print(json.dumps({str(key): value for key, value in out.items()}))
"""

ACCESSOR = """
for key in ("0.h5ad", "1.h5ad", "2.h5ad", "3.zarr"):
    accessor = ln.Artifact.get(key=f"data/{key}").open(is_run_input=False)
    mask = np.asarray(accessor.obs["donor"] == "d1")
    names = list(accessor.var_names)
    parts = {"whole": lambda: accessor, "slice": lambda: accessor[5:20], "mask": lambda: accessor[mask], "series": lambda: accessor[accessor.obs["donor"] == "d1"],
             "list": lambda: accessor[[3, 1, 9]], "names": lambda: accessor[:, names[3:9]], "both": lambda: accessor[mask, names[:4]],
             "step": lambda: accessor[::7, ::5], "again": lambda: accessor[5:30][[2, 4, 6], 3:],
             "negative": lambda: accessor[-5:], "array": lambda: accessor[np.array([8, 2])],
             "wrong": lambda: accessor[["nobody"]], "beyond": lambda: accessor[[400]]}
    for what, make in parts.items():
        try:
            part = make()
        except Exception as error:
            out[key, what] = f"fails: {type(error).__name__}"
            continue
        for name in ("obs", "var", "uns", "obs_names", "var_names", "shape"):
            out[key, what, name] = attempt(lambda: getattr(part, name))
        if what == "whole":
            out[key, what, "X"] = attempt(lambda: part.X[3:9])
            out[key, what, "X dtype"] = [str(part.X.dtype), list(part.X.shape), len(part.X.shape)]
            out[key, what, "X rows"] = attempt(lambda: part.X[[1, 4, 6]])
            out[key, what, "layer"] = attempt(lambda: part.layers["counts"][2:4])
            out[key, what, "obsm"] = attempt(lambda: part.obsm["X_pca"][2:4, 1])
            out[key, what, "repr"] = sorted(map(sorted, repr(part).splitlines()))
        else:
            out[key, what, "X"] = attempt(lambda: part.X)
            for slot, name in (("layers", "counts"), ("obsm", "X_pca"), ("varm", "PCs"), ("obsp", "distances"), ("varp", "corr")):
                out[key, what, slot] = attempt(lambda: getattr(part, slot)[name])
        for slot in ("layers", "obsm", "varm", "obsp", "varp"):
            out[key, what, slot + " keys"] = sorted(getattr(part, slot).keys())
        out[key, what, "raw"] = attempt(lambda: part.raw if part.raw is None else [part.raw.X[:3], part.raw.var, part.raw.var_names, part.raw.shape])
        memory = attempt(lambda: [getattr(part.to_memory(), name) for name in ("X", "obs", "var", "shape")])
        out[key, what, "memory"] = memory
        out[key, what, "dict"] = attempt(lambda: sorted(part.to_dict()))
    accessor.close()
    out[key, "closed"] = accessor.closed
print(json.dumps({str(key): value for key, value in out.items()}))
"""


def compared(world, ours, real, code):
    """Where LaminDB fails, ours may do better: it reads no part of a table with a nullable column."""
    mine, their = (json.loads(side(SHOWN + code, world).splitlines()[-1]) for side in (ours, real))
    failed = {key for key, value in their.items() if str(value).startswith("fails")}
    differ = {key: (mine.get(key, "nothing"), their[key]) for key in their.keys() - failed if mine.get(key, "nothing") != their[key]}
    assert not differ, "\n".join(f"{key}\n  ours   {str(a)[:700]}\n  theirs {str(b)[:700]}" for key, (a, b) in sorted(differ.items())[:12])


def test_mapped_collections(world, ours, real):
    compared(world, ours, real, MAPPED)


def test_accessors(world, ours, real):
    compared(world, ours, real, ACCESSOR)
