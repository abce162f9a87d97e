"""Files as LaminDB tells them apart; the rest of its names says that it is not implemented yet."""

import os

from lamindb import _core
from lamindb._surface.lazy import public


def infer_suffix(path):
    """The suffix by which LaminDB tells files apart."""
    return _core.suffix_of(os.fspath(path))


__getattr__, __dir__ = public(__name__, {"UPath": "lamindb._process.paths"})
