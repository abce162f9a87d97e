"""lamindb.setup.core.base62 under its other name."""

from lamindb.setup.core.base62 import *  # noqa: F403
