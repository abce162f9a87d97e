"""Artifacts: files, folders and in-memory datasets under version control."""

import os
import warnings

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb._process.paths import as_place
from lamindb._process.settings import settings
from lamindb._records.record import SQLRecord, id_of, placed
from lamindb._records.lineage import HasLineage
from lamindb._records.traits import IsVersioned, TracksRun, TracksUpdates, version_of
from lamindb._datasets.inputs import note_input
from lamindb._surface.former import keywords, renamed
from lamindb._surface.lazy import later
from lamindb.errors import FileDoesNotExist, InvalidArgument
from lamindb._datasets.writers import otype_of, remove
from lamindb.models.from_data import FromData
from lamindb.models.replace import HasContent, not_a_path, run_option

refuse_unknown = later("lamindb._records.given", "refuse_unknown")

FeatureManager, hold_feature_values, forget_feature_values = later(
    "lamindb._datasets.features", "FeatureManager", "hold_feature_values", "forget_feature_values"
)
LabelManager = later("lamindb._datasets.labels", "LabelManager")
load_file = later("lamindb._datasets.loaders", "load_file")
each = later("lamindb._executors.each", "each")
check_engine = later("lamindb._sql.engines", "check_engine")
open_table, load_together, open_together = later("lamindb._sql.together", "open_table", "load_together", "open_together")
open_artifact = later("lamindb._datasets.opening", "open_artifact")
map_together = later("lamindb._datasets.mapped", "map_together")
refuse_content_schema, checked_values = later("lamindb.curators.metadata", "refuse_content_schema", "checked_values")
SQLRecordList = later("lamindb._records.saving", "SQLRecordList")
upath = later("lamindb._process.paths", "upath")

_INIT = (
    "path", "key", "description", "kind", "otype", "features", "schema", "revises", "overwrite_versions", "run",
    "storage", "skip_hash_lookup", "key_is_virtual", "branch", "space",
)  # fmt: skip
_QUIET = (
    "version", "version_tag", "format", "n_observations", "temporary_source", "uid", "links", "branch_id", "space_id", "run_id",
    "storage_id", "_key_is_virtual", "skip_check_exists",
)  # fmt: skip
_MAKES = {"DataFrame": "from_dataframe", "AnnData": "from_anndata", "MuData": "from_mudata", "SpatialData": "from_spatialdata"}


class Artifact(FromData, HasContent, SQLRecord, HasLineage, IsVersioned, TracksRun, TracksUpdates, registry="Artifact"):
    """A dataset, model or other file or folder under version control.

    The bytes are copied into the storage of the instance when the record is saved, unless they are there already. Content
    that is already saved is not saved twice: the existing artifact is returned.

    Args:
        path (str | PathLike): a local file or folder.
        features (dict, optional): {feature: value} to set when it is saved.
        revises (Artifact, optional): the version that this one replaces, also under another key.
        overwrite_versions (bool, optional): keep only the newest version of a folder.
        storage (Storage, optional): where to put the bytes; otherwise the default storage.
        skip_hash_lookup (bool): save known content as another artifact.
        key_is_virtual (bool): False stores the bytes under the key, so that people find them there.
        links ("follow" | "refuse", optional): symbolic links in a folder; otherwise those inside of it are followed.

    Raises:
        FileDoesNotExist: there is nothing at the path.
        FieldValidationError: a keyword is unknown.

    Example:

        >>> raw = ln.Artifact("reads.txt", key="raw/reads.txt", description="as the machine wrote it").save()
        >>> raw.suffix, raw.size
        ('.txt', 5)
    """

    # For query sets, which cannot import them.
    _note_read = staticmethod(note_input)
    _load_together = staticmethod(load_together)
    _open_together = staticmethod(open_together)
    _each = staticmethod(each)
    _map_together = staticmethod(map_together)
    _init_names = _INIT
    _curatable = False
    _aliases = {"version": "version_tag", "transform": "run__transform"}

    def __init__(self, *args, **kwargs):
        if len(args) > 1:
            raise ValueError("Only one non-keyword arg allowed: path")
        if args:
            kwargs = {"path": args[0], **kwargs}
        kwargs = renamed(Artifact, kwargs, _INIT)
        unknown = {k: v for k, v in kwargs.items() if k not in _INIT and k not in _QUIET}
        refuse_unknown(unknown, _INIT)
        path = as_place(kwargs.get("path"))
        if path is None:
            raise ValueError("Please pass a path: Artifact('file.parquet', key='file.parquet')")
        if isinstance(path, (str, os.PathLike)):
            self._prepare({**kwargs, "path": path})
        else:
            self._become(_of_data(type(self), **kwargs))

    def _become(self, other):
        """Takes over another unsaved artifact."""
        _core.begin(self, _core.session_of(other), "Artifact")
        _core.copy_values(other, self)
        self.__dict__.update(other.__dict__)

    def _prepare(self, given):
        session = _session.current()
        path = os.fspath(given["path"])
        if "://" not in path and ".lamindb/" not in path and not os.path.exists(path):
            raise FileDoesNotExist(f"'{os.path.abspath(path)}' does not exist")
        if given.get("_key_is_virtual") is not None:
            if given.get("key_is_virtual") is not None:
                raise ValueError("Do not pass both key_is_virtual and _key_is_virtual.")
            given["key_is_virtual"] = given["_key_is_virtual"]
        options = {name: given[name] for name in ("path", "key", "description", "kind", "otype", "n_observations",
                   "overwrite_versions", "key_is_virtual", "skip_hash_lookup", "temporary_source", "links")
                   if given.get(name) is not None}  # fmt: skip
        options["virtual_keys"] = bool(settings.creation._artifact_use_virtual_keys)
        options["path"] = path
        options["version_tag"] = version_of(given)
        revises = given.get("revises")
        if revises is not None:
            if not isinstance(revises, Artifact):
                raise TypeError("`revises` has to be of type `Artifact`")
            options["revises"] = revises.uid
        options["schema"] = id_of(given.get("schema"), "Schema")
        options["storage"] = id_of(_one_of(given, "storage"), "Storage")
        options["run"] = run_option(_one_of(given, "run"))
        schema, features = given.get("schema"), given.get("features")
        if isinstance(schema, SQLRecord):
            otype = given.get("otype") or _core.format_of(_core.suffix_of(path)).get("otype") or None
            refuse_content_schema(schema, path, otype)
        draft = self.__dict__["_draft"] = _core.prepare_artifact(self, session, options | placed(given))
        if not given.get("otype") and self.otype in _MAKES:
            logger.warning(f"data is a {self.otype}, please use .{_MAKES[self.otype]}()")
        if isinstance(schema, SQLRecord):
            features = checked_values(schema, features, self if draft.existing else None)
        if not draft.existing:
            self._follows(revises)
        if features:
            self.__dict__["_features"] = features

    # -- many ---------------------------------------------------------------------------------------------------------

    @classmethod
    def from_dir(cls, path, *, key=None, run=None, links=None):
        """One artifact per file of a folder; one for files with the same content.

        Args:
            path (str | PathLike): the folder.
            key (str, optional): the keys of the files start with it; otherwise with the path.
            run (Run | False, optional): what makes them; otherwise the tracked run.
            links ("follow" | "refuse", optional): symbolic links; otherwise those inside of the folder are followed.

        Returns:
            SQLRecordList: unsaved artifacts; `.save()` saves all or none.

        Raises:
            FileNotFoundError: there is no such folder.

        Example:

            >>> files = ln.Artifact.from_dir("plates", key="plates")
            >>> [file.key for file in files]
            ['plates/a.txt', 'plates/b.txt']
        """
        root = os.path.abspath(os.fspath(path))
        if not os.path.isdir(root):
            raise FileDoesNotExist(f"'{root}' is not a folder" if os.path.exists(root) else f"'{root}' does not exist")
        options = {"path": root, "run": run_option(run), "links": links}
        if key is not None:
            options["key"] = key
        return SQLRecordList(_core.prepare_files(_session.current(), options))

    # -- finding -----------------------------------------------------------------------------------------------------

    @classmethod
    def get(cls, idlike=None, *queries, is_run_input=False, key=None, path=None, **expressions):
        """Exactly one artifact.

        Other arguments and errors as in :meth:`Registry.get`.

        Args:
            is_run_input (bool): note it as an input of the tracked run.
            key (str, optional): its key; the newest version is meant.
            path (str, optional): where its bytes are, alone.

        Example:

            >>> ln.Artifact.get(key="blood/cells.parquet") == artifact
            True
        """
        if path is not None:
            if idlike is not None or key is not None or expressions:
                raise InvalidArgument("Pass nothing else with path: it says which artifact is meant.")
            record = _core.artifact_at(_session.current(), str(path))
            if record is None:
                raise cls.DoesNotExist(f"No artifact is at '{path}'.")
        else:
            if key is not None:
                expressions["key"] = key
            record = type(cls).get(cls, idlike, *queries, **expressions)
        if is_run_input:
            note_input(record, is_run_input)
        return record

    # -- saving ------------------------------------------------------------------------------------------------------

    def save(self, upload=None, transfer="sqlrecord", **kwargs):
        """Writes bytes, row and annotations in one commit; durable on return.

        Args:
            upload (bool, optional): True is what always happens: bytes go to the storage. False, which LaminDB has where
                artifacts are kept local beside a cloud, is refused.
            transfer ("sqlrecord" | "annotations"): of an artifact of another instance, which cannot be saved here yet.
            **kwargs: `depth` and `using`, as of any record.

        Returns:
            Artifact: the artifact itself.

        Raises:
            NotImplementedError: the artifact is of another instance, or an option is not implemented.
            ValidationError: features or labels do not fit.
            Unavailable: the disk is full or the storage does not respond; then nothing is saved.

        Example:

            >>> _ = ln.Artifact("reads.txt", key="raw/reads.txt").save()
        """
        if upload is False:
            raise NotImplementedError("Artifact.save(upload=False) is not implemented in lamindb-native yet: bytes always go to the storage")
        return super().save(transfer=transfer, **kwargs)

    def _before_save(self):
        hold_feature_values(self)

    def _after_save(self):
        held = self.__dict__
        held.pop("_draft", None)
        held.pop("_curator", None)
        held.pop("_memory", None)
        source = held.pop("_temporary", None)
        if source is not None:
            remove(source)
        forget_feature_values(self)
        super()._after_save()

    # -- bytes -------------------------------------------------------------------------------------------------------

    @property
    def path(self):
        """Where the bytes are, or will be once it is saved (a UPath)."""
        draft = self.__dict__.get("_draft")
        if draft is not None and not _core.saved(self) and draft.source:
            return upath(draft.source)
        root, key = _core.artifact_location(self)
        return upath(root) / key

    @keywords
    def cache(self, *, is_run_input=None, mute=False, print_progress=True):
        """A local path with the content; a remote file is downloaded once.

        Args:
            is_run_input (bool, optional): note it as an input of the tracked run; otherwise if settings say so.
            mute (bool): print nothing; nothing is printed of a local file.
            print_progress (bool): False is the same as `mute`.

        Raises:
            CorruptData: the bytes are not those that were saved.
            TypeError: a keyword is unknown; it names the nearest.

        Example:

            >>> artifact.cache().suffix
            '.parquet'
        """
        path = self._local()
        note_input(self, is_run_input)
        return upath(path)

    def _local(self):
        draft = self.__dict__.get("_draft")
        if draft is not None and draft.source:
            return draft.source
        return _core.cache_artifact(self)

    def _read(self, work):
        """The result of `work` on the content, which is read again if other writers moved it meanwhile."""
        while True:
            path = self._local()
            try:
                result = work(path)
            except Exception:
                if not _core.saved(self) or _core.is_still_at(self, path):
                    raise
                continue
            if not _core.saved(self) or _core.is_still_at(self, path):
                return result

    @keywords
    def load(self, *, is_run_input=None, mute=False, **kwargs):
        """The content in memory: a DataFrame, an AnnData, a dict, ... depending on the type of file.

        Args:
            is_run_input (bool, optional): note it as an input of the tracked run; otherwise if settings say so.
            mute (bool): print nothing; nothing is printed of a local file.
            **kwargs: of the function that reads the file, such as `pandas.read_parquet`.

        Raises:
            CorruptData: the bytes are not those that were saved.

        Example:

            >>> artifact.load()["cell_type"].to_list()
            ['T cell', 'B cell']
        """
        loaded = self.__dict__.get("_memory")
        if loaded is None:
            loaded = self._read(lambda path: load_file(path, self.suffix or None, **kwargs))
        note_input(self, is_run_input)
        return loaded

    def open(self, mode="r", engine="pyarrow", is_run_input=None, **kwargs):
        """The content for reading in parts, without loading it.

        | suffix | what it gives |
        |---|---|
        | .h5ad, .zarr of AnnData | AnnDataAccessor: tables, slices of matrices, subsets |
        | .zarr of SpatialData | SpatialDataAccessor: its tables |
        | .h5, .hdf5, other .zarr | BackedAccessor: its `storage` is an h5py.File or a zarr.Group |
        | .tiledbsoma | tiledbsoma.Experiment |
        | .parquet, .csv, … | pyarrow.dataset.Dataset, or polars.LazyFrame |

        An AnnData file in an object store is read there, by the ranges that are needed.

        Args:
            mode ("r" | "r+" | "w"): "r+" changes a zarr folder and "w" a TileDB-SOMA store; when it is closed, the artifact
                becomes a new version.
            engine ("pyarrow" | "polars" | "duckdb"): what reads tables: a pyarrow dataset, a polars lazy frame, which a
                `with` gives, or a relation of DuckDB; of an AnnData, "duckdb" gives obs, or what `table` says.
            is_run_input (bool, optional): note it as an input of the tracked run; otherwise if settings say so.
            **kwargs: of the function that opens the file.

        Raises:
            ValueError: the format cannot be opened in parts, or not with this mode.

        Example:

            >>> artifact.open().count_rows()
            2
        """
        kind = _core.opening_of(self.suffix, str(self.key or "").rsplit("/", 1)[-1], mode, bool(self.overwrite_versions))
        check_engine(engine)
        if kind is None or engine == "duckdb" or kwargs.get("table") is not None:
            opened = self._read(lambda path: open_table(path, self.suffix, engine, **kwargs))
        else:
            opened = open_artifact(self, kind, mode, **kwargs)
        note_input(self, is_run_input)
        return opened

    def _repr_html_(self):
        return _core.artifact_html(self) if _core.saved(self) else super()._repr_html_()

    # -- around it ---------------------------------------------------------------------------------------------------

    @property
    def transform(self):
        """The transform that created it; None without a run."""
        return None if self.run is None else self.run.transform

    @property
    def overwrite_versions(self):
        """Whether only the newest version of a folder is kept (bool)."""
        return self._overwrite_versions

    @property
    def features(self):
        """Feature values: `artifact.features.set_values({...})`, a FeatureManager."""
        return FeatureManager(self)

    @property
    def labels(self):
        """Labels of any registry, a LabelManager. Deprecated: use `features`, or the relations, such as `ulabels`."""
        warnings.warn("use features, or a relation such as ulabels, instead of labels", DeprecationWarning, stacklevel=2)
        return LabelManager(self)

    def delete(self, permanent=None, storage=None, using=None):
        """Moves it to the trash, or deletes it.

        Args:
            permanent (bool, optional): True deletes row and bytes; None moves it to the trash, and deletes it if it is there.
            storage (bool, optional): False leaves the bytes; True also deletes bytes under a key that somebody chose.
            using (str, optional): slug of the current instance; another one raises NotImplementedError.

        Example:

            >>> old = ln.Artifact.from_dataframe(df.iloc[:1], key="old.parquet").save()
            >>> old.delete(permanent=True)
        """
        _session.check_using(using, "Artifact.delete()")
        _core.remove(self, permanent, storage)


def _of_data(cls, path, **kwargs):
    """An artifact of data in memory that was passed in place of a path."""
    otype = otype_of(path)
    if otype is None:
        raise not_a_path(path)
    logger.warning(f"data is a {otype}, please use .{_MAKES[otype]}()")
    return getattr(cls, _MAKES[otype])(path, **{"kind": None, **kwargs})


def _one_of(given, name):
    """The record, or the id that was passed as `name_id`."""
    record, number = given.get(name), given.get(f"{name}_id")
    if record is not None and number is not None:
        raise ValueError(f"Do not pass both {name.capitalize()} and its id at the same time.")
    return number if record is None else record
