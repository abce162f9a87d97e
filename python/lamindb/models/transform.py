"""Transforms: what makes data out of data."""

import os

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.logger import logger
from lamindb._records.record import SQLRecord
from lamindb._records.traits import IsVersioned, TracksRun
from lamindb._surface.former import renamed
from lamindb.errors import FieldValidationError

_INIT = (
    "key", "kind", "version", "description", "reference", "reference_type", "source_code", "revises",
    "skip_hash_lookup", "branch", "space",
)  # fmt: skip


class Transform(SQLRecord, IsVersioned, TracksRun, registry="Transform"):
    """A script, notebook, pipeline or function."""

    _init_names = _INIT
    _curatable = False
    _aliases = {"version": "version_tag"}

    def __init__(self, *args, **kwargs):
        if args:
            raise ValueError("Only keyword args allowed: Transform(key='name', kind='script')")
        kwargs = renamed("Transform", kwargs, _INIT)
        unknown = {k: v for k, v in kwargs.items() if k not in _INIT and k not in ("uid", "version_tag")}
        if unknown:
            raise FieldValidationError(f"Only {', '.join(_INIT)} can be passed, you passed: {unknown}")
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
        _core.begin(self, session, "Transform")
        self.__dict__["_plan"] = given
        self.key = given.get("key")
        self.kind = given.get("kind", "pipeline")
        for name in ("description", "reference", "reference_type", "source_code", "branch", "space"):
            if given.get(name) is not None:
                setattr(self, name, given[name])
        self._take_draft(session, given)

    def _take_draft(self, session, given):
        """The known transform with this key whose source is not saved yet, or with this source, is this one."""
        rows = type(self).filter(is_latest=True)
        source = given.get("source_code")
        known = None
        if source and not given.get("skip_hash_lookup"):
            known = rows.filter(hash=_core.md5_base64(source)).first()
            if known is not None:
                logger.important(f"returning transform with same hash: {known!r}")
        if known is None and given.get("key") is not None and not source and not {"uid", "revises"} & given.keys():
            known = rows.filter(key=given["key"], source_code=None).first()
        if known is not None:
            _core.copy_values(known, self)
            self.__dict__.pop("_plan", None)

    def save(self, *args, **kwargs):
        plan = self.__dict__.pop("_plan", None)
        if plan is None:
            return super().save(*args, **kwargs)
        options = {name: plan[name] for name in ("uid", "revises", "description", "reference", "reference_type") if plan.get(name)}
        options.update(key=self.key, kind=self.kind, source_code=self.source_code or "")
        version = plan.get("version") or plan.get("version_tag")
        if version is not None:
            options["version_tag"] = str(version)
        made = _core.make_transform(_core.session_of(self), options)
        _core.copy_values(made, self)
        return self

    @classmethod
    def from_path(cls, path, key=None, kind=None, version=None, description=None, skip_hash_lookup=False):
        """From a source file."""
        found_key, found_kind, source = _core.source_of(os.fspath(path))
        return cls(key=key or found_key, kind=kind or found_kind, version=version, description=description,
                   source_code=source, skip_hash_lookup=skip_hash_lookup)  # fmt: skip

    @property
    def latest_run(self):
        """The newest run."""
        return self.runs.order_by("-started_at", "-id").first()
