"""From a local file to an object in memory, by its suffix."""

import os

from .. import _core
from .._process.logger import logger
from .._process.paths import open_text, upath


def _dataframe(reader, **defaults):
    def load(path, **kwargs):
        import pandas

        return getattr(pandas, reader)(path, **{**defaults, **kwargs})

    return load


def _h5ad(path, **kwargs):
    _core.check_foreign_file(path)
    import anndata

    return anndata.read_h5ad(path, **kwargs)


def _zarr(path, **kwargs):
    import anndata

    return anndata.read_zarr(path, **kwargs)


def _json(path, **kwargs):
    import json

    with open_text(path) as file:
        return json.load(file, **kwargs)


def _yaml(path, **kwargs):
    import yaml

    with open_text(path) as file:
        return yaml.safe_load(file)


def _text(path, **kwargs):
    with open_text(path) as file:
        return file.read()


def _mudata(path, **kwargs):
    _core.check_foreign_file(path)
    import mudata

    return mudata.read_h5mu(path, **kwargs)


def _path(path, **kwargs):
    if _core.suffix_of(os.fspath(path)) == ".rds":
        logger.warning("Please use `laminr` to load `.rds` files: here you get the path")
    return upath(path)


# By the names of the formats of the core.
LOADERS = {
    "parquet": _dataframe("read_parquet"), "csv": _dataframe("read_csv"), "tsv": _dataframe("read_csv", sep="\t"),
    "h5ad": _h5ad, "zarr": _zarr, "h5mu": _mudata, "json": _json, "yaml": _yaml, "txt": _text, "path": _path,
}  # fmt: skip


def load_file(path, suffix=None, **kwargs):
    r"""Loads a file into memory.

    Args:
        path (str | PathLike): a local file.
        suffix (str, optional): what it is; otherwise by its name.
        **kwargs: of the function that reads it.

    Example:

        >>> ln.core.loaders.load_file("reads.txt", ".txt")
        'ACGT\n'
    """
    suffix = suffix or _core.suffix_of(path)
    loader = LOADERS.get(_core.format_of(suffix).get("name"))
    if loader is None:
        raise NotImplementedError(f"There is no loader for {suffix or 'suffix-less'} files. Use .cache() to get the path.")
    return loader(path, **kwargs)


class Opened:
    """Something that is open for reading in parts: it does what the object does, and closes at the end of a `with`.

    Args:
        what (object): the object.
        close (Callable, optional): what closes it.

    Example:

        >>> with artifact.open() as dataset:
        ...     dataset.count_rows()
        2
    """

    def __init__(self, what, close=None):
        self._what, self._close = what, close

    def close(self):
        """Closes it.

        Example:

            >>> artifact.open().close()
        """
        if self._close is not None:
            self._close()

    def __enter__(self):
        return self._what

    def __exit__(self, *_):
        self.close()

    def __getattr__(self, name):
        return getattr(self._what, name)

    def __getitem__(self, key):
        return self._what[key]

    def __len__(self):
        return len(self._what)

    def __dir__(self):
        return [*super().__dir__(), *dir(self._what)]

    def __repr__(self):
        return repr(self._what)


_HDF5 = b"\x89HDF\r\n\x1a\n"  # how such a file begins, whatever its name


def _is_hdf5(path):
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(len(_HDF5)) == _HDF5


def open_file(path, suffix=None, engine="pyarrow", **kwargs):
    """Opens a local file for reading in parts."""
    suffix = suffix or _core.suffix_of(path)
    name = _core.format_of(suffix).get("name")
    if name in ("zarr", "h5mu"):
        raise NotImplementedError(f"Artifact.open() of {suffix} is not implemented in lamindb-native yet: use .load() or .cache()")
    if name == "h5ad":
        _core.check_foreign_file(path)
        import anndata

        adata = anndata.read_h5ad(path, backed="r")
        return Opened(adata, adata.file.close)
    kind = _core.format_of(suffix).get("dataset")
    if os.path.isdir(path) and kind is None:
        inner = {os.path.splitext(name)[1] for _, _, names in os.walk(path) for name in names}
        kind = _core.format_of(inner.pop()).get("dataset") if len(inner) == 1 else None
    if kind is None and (_is_hdf5(path) or suffix == ".tiledbsoma"):
        raise NotImplementedError(f"Artifact.open() of {suffix} is not implemented in lamindb-native yet: use .cache() and open the file")
    if kind is None:
        raise ValueError(f"Cannot open {suffix or 'suffix-less'} files in parts: use .load() or .cache()")
    if engine == "pyarrow":
        from pyarrow import dataset

        return dataset.dataset(path, format=kind, **kwargs)
    if engine == "polars":
        import polars

        return Opened(getattr(polars, f"scan_{kind}")(path, **kwargs))
    raise ValueError(f"engine is {engine!r} but has to be 'pyarrow' or 'polars'")
