"""Transforms: programs that make data from data."""

import os

from lamindb import _core
from lamindb._process import session as _session
from lamindb._records.record import SQLRecord, placed
from lamindb._records.traits import IsVersioned, TracksRun, version_of
from lamindb._surface.former import renamed
from lamindb._surface.lazy import public
from lamindb.errors import FieldValidationError
from lamindb._surface.lazy import later

refuse_unknown = later("lamindb._records.given", "refuse_unknown")

_INIT = (
    "key", "kind", "version", "description", "reference", "reference_type", "source_code", "revises",
    "skip_hash_lookup", "branch", "space",
)  # fmt: skip
_QUIET = ("uid", "version_tag", "branch_id", "space_id")
_OPTIONS = ("uid", "key", "kind", "revises", "description", "reference", "reference_type", "source_code", "skip_hash_lookup")


class Transform(SQLRecord, IsVersioned, TracksRun, registry="Transform"):
    """A script, notebook, pipeline or function, with versions of its source.

    Args:
        uid (str, optional): a uid to take or make: 12 characters for the newest version, 16 for exactly one.
        version (str, optional): a version tag.
        revises (Transform, optional): the version that this one replaces, also under another key.
        skip_hash_lookup (bool): a new version even if the source is known.

    Raises:
        FieldValidationError: a keyword is unknown, or there is no key.

    Example:

        >>> ln.Transform(key="align.py", kind="script").save().key
        'align.py'
    """

    _init_names = _INIT
    _curatable = False
    _aliases = {"version": "version_tag"}

    def __init__(self, *args, **kwargs):
        if args:
            raise ValueError("Only keyword args allowed: Transform(key='name', kind='script')")
        kwargs = renamed(Transform, kwargs, _INIT)
        unknown = {k: v for k, v in kwargs.items() if k not in _INIT and k not in _QUIET}
        refuse_unknown(unknown, _INIT)
        given = {name: value for name, value in kwargs.items() if value is not None}
        if given.get("key") is None and given.get("uid") is None and given.get("revises") is None:
            raise FieldValidationError("['key'] are required.")
        revises = given.pop("revises", None)
        if revises is not None:
            if not isinstance(revises, Transform):
                raise TypeError("`revises` has to be of type `Transform`")
            given.setdefault("key", revises.key)
            given["revises"] = revises.uid
        session = _session.current()
        options = {name: given[name] for name in _OPTIONS if name in given}
        options["version_tag"] = version_of(given)
        draft = _core.prepare_transform(self, session, options | placed(given))
        if not draft.existing:
            self.__dict__["_draft"] = draft
            self._follows(revises)

    def _after_save(self):
        self.__dict__.pop("_draft", None)
        super()._after_save()

    @classmethod
    def from_path(cls, path, key=None, kind=None, version=None, description=None, skip_hash_lookup=False):
        """A transform of a source file; not saved yet.

        Args:
            path (str | PathLike): a script or notebook.
            key (str, optional): otherwise the path below the development folder, or the name of the file.
            kind ("script" | "notebook" | "pipeline" | "function", optional): otherwise by its suffix.
            version (str, optional): a version tag.
            description (str, optional): what it does.
            skip_hash_lookup (bool): a new version even if the source is known.

        Example:

            >>> ln.Transform.from_path("count.py").kind
            'script'
        """
        found_key, found_kind, source = _core.source_of(os.fspath(path))
        return cls(key=key or found_key, kind=kind or found_kind, version=version, description=description,
                   source_code=source, skip_hash_lookup=skip_hash_lookup)  # fmt: skip

    @property
    def latest_run(self):
        """The newest run; None if it never ran."""
        return self.runs.order_by("-started_at", "-id").first()


__getattr__, __dir__ = public(__name__, {"TransformTransform": "lamindb.models"})
