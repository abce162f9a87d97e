"""Makes the fixtures of AnnData and Parquet, and notes what anndata reads from AnnData files.

    python tests/format/anndata_fixtures.py      # writes tests/data/made and tests/data/expected

The C++ tests compare our reader with the expected values; test_readers.py compares these with the installed anndata.
"""

from __future__ import annotations

import json
import math
import shutil
import warnings
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
FILES = [
    *("singlecell/" + name for name in ("anndata_v0.5.0.h5ad", "anndata_v0.7.0.h5ad", "anndata_v0.11.4.h5ad",
                                        "pbmc-small.h5ad", "cxg_example_valid.h5ad")),
    *("made/" + name for name in ("encodings.h5ad", "encodings_lzf.h5ad", "encodings_v2.zarr", "encodings_v3.zarr",
                                  "empty.h5ad")),
]
SHOWN = 30  # values of a column that are noted


def example():
    """Every kind of column that anndata writes."""
    import anndata
    import numpy as np
    import pandas as pd

    n = 7
    obs = pd.DataFrame(
        {
            "text": ["a", "ü", "", "long " * 50, "e", "f", "g"],
            "category": pd.Categorical(["x", None, "y", "x", "x", "y", None], categories=["y", "unused", "x"]),
            "ordered": pd.Categorical(list("abcabca"), categories=list("cba"), ordered=True),
            "numbers": pd.Categorical([3, 1, 3, 1, 1, 3, 1]),
            "fractions": pd.Categorical([0.5, 1.0, 0.5, 1.0, 1.0, 0.5, 1.0]),
            "int8": np.arange(n, dtype="int8") - 3,
            "uint32": np.arange(n, dtype="uint32") + 4_000_000_000,
            "int64": np.arange(n, dtype="int64") - 2**60,
            "float32": np.linspace(-1, 1, n, dtype="float32"),
            "float64": [1.5, np.nan, np.inf, -np.inf, 0.1, 0, -1],
            "bool": [True, False] * 3 + [True],
            "nullable_int": pd.array([1, None, 3, 4, 5, None, 7], dtype="Int32"),
            "nullable_bool": pd.array([True, None, False, True, None, True, True], dtype="boolean"),
            "nullable_text": pd.array(["a", None, "c", "", "e", "f", "g"], dtype="string"),
        },
        index=pd.Index([f"cell{i}" for i in range(n)], name="barcode"),
    )
    var = pd.DataFrame({"n": [1, 2, 3]}, index=["g1", "g2", "g3"])
    data = anndata.AnnData(np.ones((n, 3), dtype="float32"), obs=obs, var=var)
    data.uns["title"] = "made"
    data.uns["nested"] = {"a": 1}
    data.layers["counts"] = data.X.copy()
    data.obsm["X_pca"] = np.zeros((n, 2))
    return data


def make(folder: Path) -> None:
    import anndata
    import numpy as np
    import pandas as pd
    import zarr

    anndata.settings.allow_write_nullable_strings = True
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    example().write_h5ad(folder / "encodings.h5ad", compression="gzip", convert_strings_to_categoricals=False)
    example().write_h5ad(folder / "encodings_lzf.h5ad", compression="lzf", convert_strings_to_categoricals=False)
    example().obs.drop(columns=["numbers", "fractions"]).to_parquet(folder / "pandas_index.parquet")
    pd.DataFrame({"n": [1, 2]}).to_parquet(folder / "pandas_range.parquet")
    pd.DataFrame({"lists": [[1], [2, 3]]}).to_parquet(folder / "pandas_list.parquet")
    anndata.AnnData(obs=pd.DataFrame(index=pd.Index([], dtype=str))).write_h5ad(folder / "empty.h5ad")
    for version in (2, 3):
        anndata.settings.zarr_write_format = version
        path = folder / f"encodings_v{version}.zarr"
        example().write_zarr(path, convert_strings_to_categoricals=False)
        group = zarr.open_group(path, mode="r+")
        for name, values, options in recoded(np, zarr, version):
            attributes = dict(group["obs"][name].attrs)
            del group["obs"][name]
            array = group["obs"].create_array(name, data=values, **options)
            array.attrs.update(attributes)
        zarr.consolidate_metadata(path.as_posix())


def recoded(np, zarr, version):
    """Columns again with the codecs that writers use: (name, values, options)."""
    n = np.arange(7)
    if version == 2:
        from numcodecs import LZ4, Blosc, GZip, Zlib, Zstd

        yield "int8", (n - 3).astype("int8"), {"compressors": Blosc(), "chunks": (3,)}
        yield "uint32", (n + 4_000_000_000).astype(">u4"), {"compressors": Zlib(), "chunks": (3,)}
        yield "int64", n.astype("int64") - 2**60, {"compressors": Zstd(), "chunks": (100,)}
        yield "float32", np.linspace(-1, 1, 7, dtype="float32"), {"compressors": LZ4(), "chunks": (4,)}
        yield "bool", n % 2 == 0, {"compressors": GZip(), "chunks": (2,)}
        return
    codecs = zarr.codecs
    yield "int8", (n - 3).astype("int8"), {"compressors": codecs.BloscCodec(), "chunks": (3,)}
    yield "uint32", (n + 4_000_000_000).astype("uint32"), {"compressors": codecs.GzipCodec(), "chunks": (3,)}
    yield "int64", n.astype("int64") - 2**60, {"compressors": codecs.ZstdCodec(), "chunks": (2,), "shards": (4,)}
    yield "float32", np.linspace(-1, 1, 7, dtype="float32"), {
        "compressors": [codecs.ZstdCodec(), codecs.Crc32cCodec()],
        "chunks": (4,),
    }
    yield "bool", n % 2 == 0, {"compressors": None, "chunks": (2,), "shards": (6,)}


def kind_of(series) -> str:
    import pandas as pd

    types = pd.api.types
    if isinstance(series.dtype, pd.CategoricalDtype):
        return "category"
    if types.is_bool_dtype(series.dtype):
        return "boolean"
    if types.is_integer_dtype(series.dtype):
        return "int64"
    return "float64" if types.is_float_dtype(series.dtype) else "text"


def cell(value, kind: str):
    import pandas as pd

    if pd.isna(value):
        return None
    if kind in ("text", "category"):
        return str(value)
    if kind == "float64":
        return float(value) if math.isfinite(value) else str(float(value))
    return bool(value) if kind == "boolean" else int(value)


def column(series) -> dict:
    kind = kind_of(series)
    noted = {"kind": kind, "nulls": int(series.isna().sum()), "values": [cell(v, kind) for v in series.iloc[:SHOWN]]}
    if kind == "category":
        noted["categories"] = [str(c) for c in series.cat.categories]
        noted["ordered"] = bool(series.cat.ordered)
    return noted


def frame(table) -> dict:
    return {"index": [str(i) for i in table.index[:SHOWN]], "columns": {name: column(table[name]) for name in table}}


def expected(path: Path) -> dict:
    import anndata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = anndata.read_zarr(path) if path.suffix == ".zarr" else anndata.read_h5ad(path)
    return {
        "n_obs": data.n_obs,
        "n_vars": data.n_vars,
        "obs": frame(data.obs),
        "var": frame(data.var),
        "uns": sorted(data.uns),
        "layers": sorted(data.layers),
        "obsm": sorted(data.obsm),
    }


def expected_file(name: str) -> Path:
    return DATA / "expected" / (Path(name).name + ".json")


if __name__ == "__main__":
    make(DATA / "made")
    (DATA / "expected").mkdir(exist_ok=True)
    for name in FILES:
        text = json.dumps(expected(DATA / name), indent=None, ensure_ascii=True)
        expected_file(name).write_text(text + "\n", encoding="utf-8")
