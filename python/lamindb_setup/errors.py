"""lamindb.setup.errors under its other name."""

from lamindb._surface.lazy import public
from lamindb.setup.errors import *  # noqa: F403

__getattr__, __dir__ = public(__name__)
