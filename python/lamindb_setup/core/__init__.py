"""lamindb.setup.core under its other name."""

from lamindb._surface.lazy import public
from lamindb.setup.core import *  # noqa: F403

__getattr__, __dir__ = public(__name__, modules=("base62", "canonical_suffix", "hashing", "upath"))
