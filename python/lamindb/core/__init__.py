"""Settings, context and storage behind the package."""

from lamindb._surface.lazy import load, public

_ALIASES = {"exceptions": "lamindb.errors", "types": "lamindb.base.types"}  # former places


def _former(name):
    return load(_ALIASES[name]) if name in _ALIASES else None


__getattr__, __dir__ = public(__name__, {
    "Settings": "lamindb._process.settings", "Context": "lamindb._tracking.context",
    "InspectResult": "lamindb._queries.validation", "logger": "lamindb._process.logger",
}, find=_former)  # fmt: skip
