"""lamindb.setup.types under its other name."""

from lamindb.setup.types import *  # noqa: F403
from lamindb.setup.types import __getattr__ as __getattr__
