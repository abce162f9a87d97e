"""Settings, context and storage of the package."""

from lamindb._surface.lazy import public
from lamindb._surface.places import enter

_PLACES = enter(__name__, {
    "types": ("lamindb.base.types", "*"),
    "_context": ("lamindb._tracking.context", "Context context"),
    "_functions": ("lamindb._tracking.functions", "flow step tracked"),
    "_mapped_collection": ("lamindb._datasets.mapped", "MappedCollection"),
    "_settings": ("lamindb._process.settings", "AnnotationSettings CreationSettings Settings settings"),
    "storage.objects": ("lamindb.core.storage", "infer_suffix write_to_disk"),
    "storage.paths": ("lamindb.core.storage", "UPath delete_storage"),
})  # fmt: skip
__all__ = ["MappedCollection", "Settings", "Context", "InspectResult", "verify_lineage", "run_command", "CommandRun", "rerun", "Rerun", "logger", "exceptions", "loaders", "storage", "subsettings", "types"]
__getattr__, __dir__ = public(__name__, {
    "Settings": "lamindb._process.settings", "Context": "lamindb._tracking.context",
    "InspectResult": "lamindb._queries.validation", "verify_lineage": "lamindb._tracking.verify",
    "run_command": "lamindb._tracking.commands", "CommandRun": "lamindb._tracking.commands",
    "rerun": "lamindb._tracking.commands", "Rerun": "lamindb._tracking.commands", "logger": "lamindb._process.logger",
    "MappedCollection": "lamindb._datasets.mapped",
}, modules=("datasets", "exceptions", "loaders", "storage", "subsettings", *_PLACES))  # fmt: skip
