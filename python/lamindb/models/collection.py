"""Collections: artifacts that belong together."""

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb._queries.queryset import RowSet
from lamindb._records.record import SQLRecord
from lamindb._records.traits import IsVersioned, TracksRun, TracksUpdates
from lamindb.errors import FieldValidationError, ValidationError

_INIT = (
    "artifacts", "key", "description", "schema", "meta", "reference", "reference_type", "run", "revises",
    "skip_hash_lookup", "branch", "space",
)  # fmt: skip


class Collection(SQLRecord, IsVersioned, TracksRun, TracksUpdates, registry="Collection"):
    """An ordered set of artifacts under a key."""

    _init_names = _INIT
    _curatable = False
    _aliases = {"version": "version_tag"}

    def __init__(self, *args, **kwargs):
        if len(args) > 1:
            raise ValueError("Only one non-keyword arg allowed: artifacts")
        if args:
            kwargs = {"artifacts": args[0], **kwargs}
        unknown = {k: v for k, v in kwargs.items() if k not in _INIT and k not in ("version", "version_tag")}
        if unknown:
            raise FieldValidationError(f"Only {', '.join(_INIT)} can be passed, you passed: {unknown}")
        artifacts = kwargs.get("artifacts")
        if artifacts is None:
            raise FieldValidationError("['artifacts'] are required.")
        if kwargs.get("meta") is not None:
            raise NotImplementedError("Collection(meta=...) is not implemented in lamindb-native yet")
        artifacts = list(artifacts) if isinstance(artifacts, (list, tuple)) or hasattr(artifacts, "model") else [artifacts]
        if any(not _core.saved(artifact) for artifact in artifacts):
            raise ValueError("Not all artifacts are yet saved, please save them")
        if kwargs.get("key") is None and kwargs.get("revises") is None:
            raise FieldValidationError("['key'] are required.")
        self._begin(artifacts, kwargs)

    def _begin(self, artifacts, given):
        session = _session.current()
        _core.begin(self, session, "Collection")
        digest = collection_hash(artifacts)
        if digest is not None and not given.get("skip_hash_lookup"):
            known = type(self).filter(branch_id__gte=0, **{"hash": digest}).order_by("-id").first()
            if known is not None:
                _core.copy_values(known, self)
                logger.important(f"returning collection with same hash: {known!r}")
                if given.get("description") is not None:
                    self.description = given["description"]
                return
        key = given.get("key") or given["revises"].key
        revises = given.get("revises") or type(self).filter(key=key, is_latest=True).first()
        self.uid = next_uid(type(self), revises)
        self.key, self.hash = key, digest
        for name in ("description", "schema", "reference", "reference_type", "branch", "space"):
            if given.get(name) is not None:
                setattr(self, name, given[name])
        if given.get("run") is not None:
            self.run = given["run"]
        schema = given.get("schema")
        if schema is not None and any(artifact.schema_id != schema.id for artifact in artifacts):
            raise ValidationError("not every artifact was validated with the collection's schema")
        self.version_tag = given.get("version_tag") or given.get("version")
        self.__dict__["_plan"] = (artifacts, revises)

    def save(self, *args, **kwargs):
        plan = self.__dict__.pop("_plan", None)
        if plan is None:
            return super().save(*args, **kwargs)
        artifacts, revises = plan
        super().save(*args, **kwargs)
        if revises is not None:
            type(revises).filter(id=revises.id).update(is_latest=False)
        self.artifacts.add(*artifacts)
        return self

    @property
    def ordered_artifacts(self):
        """Artifacts in the order in which they were passed."""
        links = class_of("CollectionArtifact").filter(collection=self).order_by("id")
        order = links.to_list("artifact__id")
        rows = {row.id: row for row in self.artifacts.all()}
        return RowSet(class_of("Artifact"), [rows[i] for i in order], _core.session_of(self))

    @property
    def data_artifact(self):
        return self.meta_artifact

    def append(self, artifact, run=None):
        """A new version with one more artifact; not saved yet."""
        return Collection([*self.ordered_artifacts, artifact], key=self.key, description=self.description, revises=self,
                          run=run)  # fmt: skip

    def cache(self, is_run_input=None):
        """Local paths of all artifacts."""
        return [artifact.cache(is_run_input=is_run_input) for artifact in self.ordered_artifacts]

    def load(self, join="outer", is_run_input=None, **kwargs):
        """All artifacts in memory, put together."""
        artifacts = self.ordered_artifacts.to_list()
        suffixes = {artifact.suffix for artifact in artifacts}
        if len(suffixes) != 1:
            raise ValueError(f"Can only load collections where all artifacts have the same suffix, not {sorted(suffixes)}")
        loaded = [artifact.load(is_run_input=is_run_input) for artifact in artifacts]
        if hasattr(loaded[0], "obs"):
            import anndata

            return anndata.concat(loaded, join=join, label="artifact_uid", keys=[a.uid for a in artifacts], **kwargs)
        import pandas

        return pandas.concat(loaded, join=join, **kwargs)


def collection_hash(artifacts):
    """LaminDB's hash of a set of artifacts; None if none of them has one."""
    hashes = sorted({artifact.hash for artifact in artifacts if artifact.hash})
    return _core.md5_base64(":".join(hashes)) if hashes else None


def next_uid(cls, revises):
    """A new stem, or the stem of a family with the next version."""
    if revises is None:
        return _core.random_uid(16) + "0000"
    stem = revises.uid[:-4]
    uids = cls.objects.filter(uid__startswith=stem).to_list("uid")
    return stem + _core.next_version([uid[-4:] for uid in uids])
