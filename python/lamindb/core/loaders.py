"""From a local file to an object in memory."""

import os

from lamindb._datasets.loaders import load_file
from lamindb._surface.lazy import public

_SUFFIXES = {
    "load_csv": ".csv", "load_tsv": ".tsv", "load_parquet": ".parquet", "load_h5ad": ".h5ad", "load_h5mu": ".h5mu",
    "load_zarr": ".zarr", "load_json": ".json", "load_yaml": ".yaml", "load_txt": ".txt",
}  # fmt: skip


def _loader(name):
    if name not in _SUFFIXES:
        return None

    def load(path, **kwargs):
        """Loads a file of this kind."""
        return load_file(os.fspath(path), _SUFFIXES[name], **kwargs)

    load.__name__ = load.__qualname__ = name
    return load


def load_to_memory(filepath, **kwargs):
    """Loads a file by its suffix."""
    return load_file(os.fspath(filepath), **kwargs)


__getattr__, __dir__ = public(__name__, {"logger": "lamindb._process.logger", "UPath": "lamindb._process.paths"}, find=_loader)
