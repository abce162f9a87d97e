"""From a local file to an object in memory."""

import os

from lamindb._datasets.loaders import LOADERS, load_file
from lamindb._surface.lazy import public

__all__ = ["load_to_memory"]


def _loader(name):
    load = LOADERS.get(name.removeprefix("load_"))
    if load is None:
        return None

    def loads(path, **kwargs):
        """Loads a file of this format."""
        return load(os.fspath(path), **kwargs)

    loads.__name__ = loads.__qualname__ = name
    return loads


def load_to_memory(filepath, **kwargs):
    r"""Loads a file by its suffix.

    Args:
        filepath (str | PathLike): a local file.
        **kwargs: of the function that reads it, such as `pandas.read_parquet`.

    Example:

        >>> ln.core.loaders.load_to_memory("reads.txt")
        'ACGT\n'
    """
    return load_file(os.fspath(filepath), **kwargs)


__getattr__, __dir__ = public(__name__, {"logger": "lamindb._process.logger", "UPath": "lamindb._process.paths", "CanonicalSuffix": "lamindb.base.canonical_suffix"}, find=_loader)
