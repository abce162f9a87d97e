"""LaminDB, native: a registry and lakehouse for biological data.

Everything is looked up on first use, so that importing the package takes little longer than starting Python.
"""

from ._process import distribution  # noqa: I001  (it refuses before anything else is loaded)
from . import _core
from ._process import classes as _classes
from ._process import session as _session
from ._process.catalog import CORE as _CORE
from ._process.catalog import Registries as _Registries
from ._surface.lazy import load as _load
from ._surface.lazy import public as _public
from ._surface.places import enter as _enter

__version__ = "2.12.0"  # the LaminDB whose interface this is; the package's own is `_core.__version__`

__all__ = [
    "track", "finish", "step", "flow", "Artifact", "Storage", "Transform", "Run", "Feature", "ULabel", "Schema",
    "Record", "User", "Collection", "Project", "Space", "Branch", "Reference", "connect", "view", "save", "sql", "UPath",
    "settings", "context", "DB", "curators", "integrations", "examples", "errors", "setup", "base", "core", "models",
]  # fmt: skip

_WHERE = {
    "Q": "lamindb._queries.conditions", "settings": "lamindb._process.settings", "save": "lamindb._records.saving",
    "sql": "lamindb._sql.query", "view": "lamindb._records.view", "DB": "lamindb._records.db", "search": "lamindb._records.search", "fsck": "lamindb._process.fsck", "UPath": "lamindb._process.paths", "connect": "lamindb.setup",
    **dict.fromkeys(("track", "finish", "context"), "lamindb._tracking.context"),
    **dict.fromkeys(("flow", "step", "tracked"), "lamindb._tracking.functions"),
    "UNSET": "lamindb.base.types", "Unset": "lamindb.base.types",
}  # fmt: skip
_enter("lamindb.base", {"users": ("lamindb._process.session", "current_user_id")})
_MODULES = ("base", "core", "curators", "errors", "examples", "integrations", "models", "setup")

__getattr__, __dir__ = _public(__name__, _WHERE, _MODULES, find=_Registries("lamindb", _CORE))


def _make_class(qualified):
    """Connects the lower layers, which need classes, with the upper ones, which make them."""
    _load("lamindb.models").make_class(qualified)


_classes.made_by(_make_class)
_session.connect_on_import()
