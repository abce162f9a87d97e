"""Places where artifacts are stored."""

from lamindb import _core
from lamindb._process import session as _session
from lamindb._records.record import SQLRecord
from lamindb._records.traits import TracksRun, TracksUpdates
from lamindb._surface.lazy import later
from lamindb._surface.missing import Missing

upath = later("lamindb._process.paths", "upath")


class Storage(SQLRecord, TracksRun, TracksUpdates, registry="Storage"):
    """A place where artifacts are stored: a local folder or a bucket.

    Args:
        root (str): the folder or URL of a storage that this instance has; a new one is not implemented yet.
        host (str, optional): accepted for code of LaminDB.

    Example:

        >>> ln.Storage.filter().one().type
        'local'
    """

    _init_names = ("root", "description", "space", "host")
    _positional_message = "Please provide root as the only positional argument"

    def __init__(self, *args, **kwargs):
        if len(args) == 1 and isinstance(args[0], str):
            args, kwargs = (), {"root": args[0], **kwargs}
        root = kwargs.get("root")
        session = _session.current()
        known = None
        if root is not None:
            known = _core.first(session, _core.Query("Storage").where(None, {"root": str(root).rstrip("/")}))
        if known is None:
            Missing("Storage(root=...) for a new storage")()
        _core.begin(self, session, "Storage")
        _core.copy_values(known, self)

    @property
    def path(self):
        """Its root as a UPath."""
        return upath(self.root)

    @property
    def host(self):
        """The machine of a local storage (str); None for a bucket."""
        return self.region if self.type == "local" else None
