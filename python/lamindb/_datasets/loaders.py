"""From a local file to an object in memory, by its suffix."""

import os
from contextlib import contextmanager

from .. import _core
from .._process.logger import logger
from .._process.paths import open_text, upath


def _dataframe(reader, **defaults):
    def load(path, **kwargs):
        import pandas

        return getattr(pandas, reader)(path, **{**defaults, **kwargs})

    return load


def _h5ad(path, **kwargs):
    import anndata

    if os.fspath(path).endswith(".gz"):
        with _unzipped(path) as plain:
            return _h5ad(plain, **kwargs)
    _core.check_foreign_file(path)
    return anndata.read_h5ad(path, **kwargs)


@contextmanager
def _unzipped(path):
    """What is in a gzip file, as a file: HDF5 reads here and there."""
    import gzip
    import shutil

    plain = _core.new_draft(os.path.splitext(_core.suffix_of(path))[0])
    try:
        with gzip.open(path) as packed, open(plain, "wb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)
        yield plain
    finally:
        if os.path.exists(plain):
            os.unlink(plain)


def _zarr(path, **kwargs):
    otype = _core.otype_of(path)
    if otype == "AnnData":
        import anndata

        return anndata.read_zarr(path, **kwargs)
    if otype == "MuData":
        import mudata

        return mudata.read_zarr(path, **kwargs)
    if otype == "SpatialData":
        import spatialdata

        return spatialdata.read_zarr(path, **kwargs)
    raise ValueError(f"'{path}' is neither an AnnData, a MuData nor a SpatialData: use .cache() and open it with zarr")


def _fcs(path, **kwargs):
    try:
        import readfcs
    except ImportError:
        raise ImportError("Please install readfcs: pip install readfcs") from None
    return readfcs.read(path, **kwargs)


def _shown(kind):
    """Shows a page or a picture in a notebook; elsewhere it is the path."""

    def load(path):
        import builtins

        if not getattr(builtins, "__IPYTHON__", False):
            return upath(path)
        from IPython import display

        if kind == "HTML":
            with open_text(path) as file:
                display.display(display.HTML(data=_body(file.read())))
        else:
            display.display(getattr(display, kind)(filename=os.fspath(path)))

    return load


def _body(page):
    """What is between the body tags: a whole page in a page would bring its head."""
    import re

    found = re.search(r"<body[^>]*>(.*)</body>", page, re.DOTALL | re.IGNORECASE)
    return found[1].strip() if found else page


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


def _rds(path, **kwargs):
    logger.warning("Please use `laminr` to load `.rds` files: here you get the path")
    return upath(path)


# By the names of the formats of the core.
LOADERS = {
    "parquet": _dataframe("read_parquet"), "csv": _dataframe("read_csv"), "tsv": _dataframe("read_csv", sep="\t"),
    "feather": _dataframe("read_feather"), "ipc": _dataframe("read_feather"), "orc": _dataframe("read_orc"),
    "jsonl": _dataframe("read_json", lines=True), "xlsx": _dataframe("read_excel"),
    "h5ad": _h5ad, "zarr": _zarr, "h5mu": _mudata, "json": _json, "yaml": _yaml, "txt": _text, "fcs": _fcs,
    "html": _shown("HTML"), "image": _shown("Image"), "svg": _shown("SVG"), "rds": _rds,
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
        what = "folders" if os.path.isdir(path) else f"{suffix or 'suffix-less'} files"
        raise NotImplementedError(f"There is no loader for {what}. Use .cache() to get the path.")
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


