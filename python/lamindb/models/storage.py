"""Places where artifacts are stored."""

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.paths import as_place
from lamindb._records.record import PLACES, SQLRecord
from lamindb._records.traits import TracksRun, TracksUpdates
from lamindb._surface.lazy import later
from lamindb.errors import FieldValidationError

refuse_unknown = later("lamindb._records.given", "refuse_unknown")

upath = later("lamindb._process.paths", "upath")

_INIT = ("root", "description", "space", "host")
_QUIET = ("type", "region", "instance_uid", "uid", *PLACES)


class Storage(SQLRecord, TracksRun, TracksUpdates, registry="Storage"):
    """A place where artifacts are stored: a local folder or a bucket.

    Saving a new one creates and marks its place; one that another instance manages, or that cannot be written, is
    registered to be read.

    Args:
        root (str | PathLike): `"./data"`, `"s3://bucket/folder"`. A known one is returned.
        description (str, optional): what it is for.
        space (Space, optional): where it belongs.
        host (str, optional): of a local folder: the machine it is on.

    Raises:
        FieldValidationError: no root, or a keyword that is unknown.

    Example:

        >>> ln.Storage.filter().one().type
        'local'

    A second one, and a dataset in it::

        storage = ln.Storage(root="./more-data", host="cluster-1").save()
        ln.Artifact("plate.csv", key="plate.csv", storage=storage).save()
    """

    _init_names = _INIT

    def __init__(self, *args, **kwargs):
        if len(args) > 1:
            raise ValueError("Storage takes one positional argument, the root")
        if args:
            kwargs = {"root": args[0], **kwargs}
        if "root" in kwargs:
            kwargs["root"] = as_place(kwargs["root"])
        unknown = {name: value for name, value in kwargs.items() if name not in _INIT and name not in _QUIET}
        refuse_unknown(unknown, _INIT)
        if kwargs.get("root") is None:
            raise FieldValidationError("['root'] are required.")
        given = {name: value for name, value in kwargs.items() if value is not None}
        options = {name: str(given.pop(name)) for name in ("root", "host", "region", "description") if name in given}
        _core.make_storage(self, _session.current(), options)
        if not _core.saved(self):
            for name, value in given.items():
                setattr(self, name, value)

    @property
    def path(self):
        """Its root as a UPath."""
        return upath(self.root)

    @property
    def host(self):
        """The machine of a local storage (str); None for a bucket."""
        return self.region if self.type == "local" else None
