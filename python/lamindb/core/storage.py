"""File suffixes as LaminDB determines them; its other names are not implemented yet."""

import os

from lamindb import _core
from lamindb._surface.lazy import public

__all__ = ["infer_suffix"]


def infer_suffix(path):
    """The suffix that LaminDB determines for a file.

    Args:
        path (str | PathLike): a path; nothing needs to be there.

    Example:

        >>> ln.core.storage.infer_suffix("a/b.anndata.zarr")
        '.anndata.zarr'
    """
    return _core.suffix_of(os.fspath(path))


__getattr__, __dir__ = public(__name__, {"UPath": "lamindb._process.paths"})
