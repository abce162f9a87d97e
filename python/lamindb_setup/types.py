"""lamindb.setup.types under its other name."""

from lamindb._surface.lazy import public
from lamindb.setup.types import *  # noqa: F403

__getattr__, __dir__ = public(__name__)
