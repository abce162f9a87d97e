"""lamindb.setup.core under its other name."""

from lamindb.setup.core import *  # noqa: F403
from lamindb.setup.core import __getattr__ as __getattr__
