"""lamindb.setup.errors under its other name."""

from lamindb.setup.errors import *  # noqa: F403
from lamindb.setup.errors import __getattr__ as __getattr__
