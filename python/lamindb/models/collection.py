"""Collections: artifacts that belong together."""

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.classes import class_of
from lamindb._process.settings import settings
from lamindb._queries.queryset import RowSet
from lamindb._records.record import SQLRecord, id_of, placed
from lamindb._records.lineage import HasLineage
from lamindb._records.traits import IsVersioned, TracksRun, TracksUpdates, version_of
from lamindb._surface.former import renamed
from lamindb._datasets.inputs import note_input
from lamindb.errors import FieldValidationError
from lamindb._surface.lazy import later

load_together, open_together, cache_together = later(
    "lamindb._sql.together", "load_together", "open_together", "cache_together"
)
map_together = later("lamindb._datasets.mapped", "map_together")
refuse_unknown = later("lamindb._records.given", "refuse_unknown")

_INIT = (
    "artifacts", "key", "description", "schema", "meta", "reference", "reference_type", "run", "revises", "skip_hash_lookup",
    "branch", "space",
)  # fmt: skip
_QUIET = ("meta_artifact", "version", "version_tag", "branch_id", "space_id")

_OPTIONS = ("key", "description", "reference", "reference_type", "skip_hash_lookup")


class Collection(SQLRecord, HasLineage, IsVersioned, TracksRun, TracksUpdates, registry="Collection"):
    """An ordered set of artifacts under a key, with versions.

    Args:
        artifacts (Artifact | list[Artifact]): saved artifacts.
        meta_artifact (Artifact, optional): a dataset that describes the collection; `meta` is its short name.
        meta (Artifact, optional): the same.
        run (Run, optional): what makes it; otherwise the tracked run.
        revises (Collection, optional): the version that this one replaces.
        skip_hash_lookup (bool): save a known set of artifacts as another collection.

    Raises:
        FieldValidationError: no artifacts or no key.

    Example:

        >>> collection = ln.Collection([artifact], key="blood").save()
        >>> collection.artifacts.count()
        1
    """

    _note_read = staticmethod(note_input)  # for query sets, which cannot import it
    _init_names = _INIT
    _curatable = False
    _aliases = {"version": "version_tag"}

    def __init__(self, *args, **kwargs):
        if len(args) > 1:
            raise ValueError("Only one non-keyword arg allowed: artifacts")
        if args:
            kwargs = {"artifacts": args[0], **kwargs}
        kwargs = renamed(Collection, kwargs, _INIT)
        unknown = {k: v for k, v in kwargs.items() if k not in _INIT and k not in _QUIET}
        refuse_unknown(unknown, _INIT)
        if kwargs.get("revises") is not None and not isinstance(kwargs["revises"], Collection):
            raise TypeError("`revises` has to be of type `Collection`")
        artifacts = kwargs.get("artifacts")
        if artifacts is None:
            raise FieldValidationError("['artifacts'] are required.")
        artifacts = list(artifacts) if isinstance(artifacts, (list, tuple)) or hasattr(artifacts, "model") else [artifacts]
        if not all(isinstance(artifact, class_of("Artifact")) for artifact in artifacts):
            raise ValueError(f"Artifact or list[Artifact] is allowed. Passed was {kwargs['artifacts']!r}")
        for artifact in artifacts:
            _session.check_here(artifact)
        nameless = kwargs.get("key") is None and kwargs.get("revises") is None
        if nameless and all(_core.saved(artifact) for artifact in artifacts):  # otherwise the core says what is wrong first
            raise FieldValidationError("['key'] are required.")
        self._prepare(artifacts, kwargs)

    def _prepare(self, artifacts, given):
        options = {name: given[name] for name in _OPTIONS if given.get(name) is not None}
        options["artifacts"] = artifacts
        for name, registry in (("schema", "Schema"), ("run", "Run"), ("meta_artifact", "Artifact")):
            value = given.get(name, given.get("meta") if name == "meta_artifact" else None)
            if value is not None:
                options[name] = id_of(value, registry)
        if given.get("revises") is not None:
            options["revises"] = given["revises"].uid
        options["version_tag"] = version_of(given)
        options["tracks_inputs"] = bool(settings.track_run_inputs)
        options.update(placed(given))
        self._take(_core.prepare_collection(self, _session.current(), options), given.get("revises"))

    def _take(self, draft, revises=None):
        self.__dict__["_draft"] = draft
        if not draft.existing:
            self._follows(revises)

    def _after_save(self):
        self.__dict__.pop("_draft", None)
        super()._after_save()

    @classmethod
    def get(cls, idlike=None, *queries, is_run_input=False, **expressions):
        """Exactly one collection.

        Args:
            idlike (int | str, optional): its id, its uid, or the beginning of its uid for the latest version.
            *queries (Q): conditions.
            is_run_input (bool | Run): note it as an input of the tracked run, or of this run.
            **expressions: conditions: `key="atlas"`.

        Raises:
            ObjectDoesNotExist: there is none.
            MultipleObjectsReturned: there are several.

        Example::

            ln.Collection.get(key="atlas")
        """
        record = type(cls).get(cls, idlike, *queries, **expressions)
        if is_run_input:
            note_input(record, is_run_input)
        return record

    @property
    def transform(self):
        """The transform that created it; None without a run."""
        return None if self.run is None else self.run.transform

    @property
    def ordered_artifacts(self):
        """Artifacts in the order they were passed (a query set)."""
        return RowSet(class_of("Artifact"), _core.ordered_artifacts(self), _core.session_of(self))

    @property
    def data_artifact(self):
        """The first artifact, of a collection of one dataset and the artifact that describes it (Artifact)."""
        return self.ordered_artifacts.first()

    def append(self, artifact, run=None):
        """A new version with one more artifact; not saved yet.

        Args:
            artifact (Artifact): a saved artifact.
            run (Run, optional): what makes it; otherwise the tracked run.

        Example::

            collection.append(artifact).save()
        """
        _core.check_same_instance(_core.session_of(self), artifact)
        longer = Collection.__new__(Collection)
        longer._take(_core.append_to_collection(longer, self, artifact, id_of(run, "Run"), bool(settings.track_run_inputs)))
        return longer

    def cache(self, is_run_input=None):
        """Local paths of all artifacts, as a list in their order; what is elsewhere is fetched in parallel.

        Args:
            is_run_input (bool | Run, optional): note the collection as an input of the tracked run, or of this one.

        Example:

            >>> len(ln.Collection([artifact], key="blood").save().cache())
            1
        """
        paths = cache_together(self._members())
        note_input(self, is_run_input)
        return paths

    def load(self, join="outer", is_run_input=None, **kwargs):
        """The contents of all artifacts in memory, concatenated.

        Arguments and errors as in :meth:`ArtifactSet.load`.

        Example:

            >>> len(ln.Collection([artifact], key="blood").save().load())
            2
        """
        loaded = load_together(self._members(), join, False, **kwargs)
        note_input(self, is_run_input)
        return loaded

    def open(self, engine="pyarrow", is_run_input=None, *, table=None, **kwargs):
        """The tables in all artifacts as one, for reading in parts.

        Arguments and errors as in :meth:`ArtifactSet.open`.

        Example:

            >>> ln.Collection([artifact], key="blood").save().open().count_rows()
            2
        """
        opened = open_together(self._members(), engine, False, table=table, **kwargs)
        note_input(self, is_run_input)
        return opened

    def _members(self):
        """The artifacts in order, also before the collection is saved."""
        draft = self.__dict__.get("_draft")
        if draft is None or _core.saved(self):
            return self.ordered_artifacts.to_list()
        return RowSet(class_of("Artifact"), draft.artifacts(_core.session_of(self)), _core.session_of(self)).to_list()

    def mapped(self, layers_keys=None, obs_keys=None, obsm_keys=None, obs_filter=None, join="inner", encode_labels=True,
               unknown_label=None, cache_categories=True, parallel=False, dtype=None, stream=False, is_run_input=None):  # fmt: skip
        """The AnnData files as one map-style dataset for data loaders, before it is saved, too.

        Arguments and errors as in :meth:`ArtifactSet.mapped`.

        Returns:
            MappedCollection: see :class:`lamindb.core.MappedCollection`.

        Example::

            with collection.mapped(obs_keys="cell_type") as dataset:
                loader = torch.utils.data.DataLoader(dataset, batch_size=128, shuffle=True)
        """
        mapped = map_together(
            self._members(), stream, False, layers_keys=layers_keys, obs_keys=obs_keys, obsm_keys=obsm_keys, obs_filter=obs_filter, join=join,
            encode_labels=encode_labels, unknown_label=unknown_label, cache_categories=cache_categories, parallel=parallel,
            dtype=dtype,
        )
        note_input(self, is_run_input)
        return mapped

    def verify_schema(self):
        """Checks that all artifacts have the schema of the collection.

        Raises:
            ValidationError: it names artifacts that have another one, or none.
            InvalidArgument: the collection has no schema.

        Example::

            collection.verify_schema()
        """
        _core.verify_schema(self)
