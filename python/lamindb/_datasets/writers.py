"""From an object in memory to a file: which suffix it gets, and who writes it."""

import os

from .. import _core

_ANNDATA = ("h5ad", "zarr", "anndata.zarr")
_MUDATA = ("h5mu", "zarr", "mudata.zarr")
_SPATIALDATA = ("zarr", "spatialdata.zarr")


def otype_of(data):
    """What an object in memory is ("DataFrame", "AnnData", "MuData", "SpatialData"); None if it cannot be written."""
    if hasattr(data, "mod") and hasattr(data, "obs"):
        return "MuData"
    if hasattr(data, "obs") and hasattr(data, "var"):
        return "AnnData"
    if hasattr(data, "tables") and hasattr(data, "attrs"):
        return "SpatialData"
    return "DataFrame" if is_table(data) else None


def is_table(data):
    """Whether it is a table of pandas, polars or pyarrow."""
    return hasattr(type(data), "columns")


def suffix_of_table(key):
    """The suffix of a table that is written for a key: the key's if tables can be written so, otherwise that of parquet."""
    suffix = "" if key is None else _core.suffix_of(key)
    return suffix if suffix[1:] in _PANDAS else ".parquet"


def suffix_of(otype, key, format=None):
    """The suffix for an object of this type: by `format`, by the key, or the usual one.

    Raises:
        ValueError: objects of this type are not written so.
    """
    if otype == "DataFrame":
        return suffix_of_table(key if format is None else f".{format.lstrip('.')}")
    formats, usual = {"AnnData": (_ANNDATA, "h5ad"), "MuData": (_MUDATA, "h5mu"), "SpatialData": (_SPATIALDATA, "zarr")}[otype]
    if format is None:
        named = [name for name in formats if key is not None and key.endswith("." + name)]
        if named:
            format = max(named, key=len)
        elif otype == "AnnData" and key is not None and os.path.splitext(key)[1]:
            format = os.path.splitext(key)[1][1:]
        else:
            format = usual
    format = format.lstrip(".")
    if format not in formats:
        raise ValueError(
            f"Error when specifying {otype} storage format, it should be {', '.join(map(repr, formats))}, not {format!r}."
            " Check 'format' or the suffix of 'key'."
        )
    return "." + format


def write(data, path, **kwargs):
    """Writes an object as the path ends; the number of its observations, None if that is not defined."""
    path = os.fspath(path)
    otype = otype_of(data)
    if otype is None:
        raise NotImplementedError(f"a {type(data).__name__} cannot be written to a file")
    if otype == "DataFrame":
        return write_table(data, path, **kwargs)
    zarr = path.endswith(".zarr")
    if otype == "AnnData":
        (data.write_zarr if zarr else data.write_h5ad)(path, **kwargs)
        return data.n_obs
    if otype == "MuData":
        (data.write_zarr if zarr else data.write_h5mu)(path, **kwargs)
        return data.n_obs
    data.write(path, **kwargs)
    return None


def write_table(data, path, **kwargs):
    """Writes a table of pandas, polars or pyarrow as the path ends; the number of its rows."""
    form = _core.format_of(_core.suffix_of(path)).get("name")
    if hasattr(data, "iloc"):
        _PANDAS[form](data, path, **kwargs)
        return len(data)
    if hasattr(data, "sink_parquet") or hasattr(data, "write_parquet"):
        return _write_polars(data, path, form, **kwargs)
    _write_pyarrow(data, path, form, **kwargs)
    return data.num_rows


# By the names of the formats of the core, which are also their suffixes.
_PANDAS = {
    "parquet": lambda df, path, **kwargs: df.to_parquet(path, **kwargs),
    "csv": lambda df, path, **kwargs: df.to_csv(path, **kwargs),
    "tsv": lambda df, path, **kwargs: df.to_csv(path, **{"sep": "\t", **kwargs}),
    "feather": lambda df, path, **kwargs: df.to_feather(path, **kwargs),
    "jsonl": lambda df, path, **kwargs: df.to_json(path, **{"orient": "records", "lines": True, "date_format": "iso", "date_unit": "us", **kwargs}),
}
_POLARS = {"parquet": "parquet", "csv": "csv", "tsv": "csv", "feather": "ipc", "jsonl": "ndjson"}


def _write_polars(data, path, form, **kwargs):
    import polars

    lazy = isinstance(data, polars.LazyFrame)
    if form == "tsv":
        kwargs = {"separator": "\t", **kwargs}
    getattr(data, ("sink_" if lazy else "write_") + _POLARS[form])(path, **kwargs)  # a LazyFrame is written in batches
    return polars.collect_all([data.select(polars.len())])[0].item() if lazy else len(data)


def _write_pyarrow(data, path, form, **kwargs):
    import pyarrow.csv
    import pyarrow.feather
    import pyarrow.parquet

    if form == "parquet":
        pyarrow.parquet.write_table(data, path, **kwargs)
    elif form == "csv":
        pyarrow.csv.write_csv(data, path, **kwargs)
    elif form == "tsv":
        pyarrow.csv.write_csv(data, path, pyarrow.csv.WriteOptions(delimiter="\t"), **kwargs)
    elif form == "feather":
        pyarrow.feather.write_feather(data, path, **kwargs)
    else:
        write_table(data.to_pandas(), path, **kwargs)


def remove(path):
    """Removes a file or folder that may not be there.

    Args:
        path (str): where it is.
    """
    import shutil

    if os.path.isdir(path):
        shutil.rmtree(path, ignore_errors=True)
    elif os.path.exists(path):
        os.unlink(path)
