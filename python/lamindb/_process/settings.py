"""`ln.settings`: how this process behaves."""

import os

from .. import _core
from .._surface.lazy import later
from .._surface.former import warn
from .._surface.missing import Missing
from .._surface.strict import Strict
from . import session as _session
from .classes import class_of
from .logger import logger
from ..errors import InvalidArgument

sanitized = later("lamindb._process.git", "sanitized")
StorageSettings = later("lamindb._process.instance", "StorageSettings")
upath = later("lamindb._process.paths", "upath")


class CreationSettings(Strict):
    """What happens when records are created: `ln.settings.creation`.

    `search_names` (bool): look for similar names; `artifact_silence_missing_run_warning` (bool): do not tell that no run is
    tracked.

    Example:

        >>> ln.settings.creation.search_names
        True
    """

    search_names = True
    artifact_silence_missing_run_warning = False
    _artifact_use_virtual_keys = True

    @property
    def artifact_skip_size_hash(self):
        """Size and hash of an artifact are always computed (bool): True cannot be set yet."""
        return False

    @artifact_skip_size_hash.setter
    def artifact_skip_size_hash(self, skip):
        if skip:
            raise NotImplementedError("settings.creation.artifact_skip_size_hash = True is not implemented in lamindb-native yet")

    @property
    def artifact_if_hash_exists(self):
        """An artifact with the same content is found again: nothing else can be set."""
        return "warn_return_existing"

    @artifact_if_hash_exists.setter
    def artifact_if_hash_exists(self, what):
        if what != "warn_return_existing":
            raise NotImplementedError(
                f"settings.creation.artifact_if_hash_exists = {what!r} is not implemented in lamindb-native: pass "
                "skip_hash_lookup=True to the artifact that is to be new"
            )


class AnnotationSettings(Strict):
    """How much a dataset is annotated: `n_max_records` (int) labels of one column at most.

    Example:

        >>> ln.settings.annotation.n_max_records
        1000
    """

    n_max_records = 1000


class TransformSettings(Strict):
    """How scripts of 2024 named their transform, before `ln.track("uid")`: `stem_uid` and `version`.

    Example:

        >>> ln.settings.transform.stem_uid is None
        True
    """

    _stem_uid = _version = None

    @property
    def stem_uid(self):
        """The first 12 characters of the uid of the script (str); None if none was set."""
        return self._stem_uid

    @stem_uid.setter
    def stem_uid(self, uid):
        warn("ln.settings.transform.stem_uid", f"ln.track({uid!r})")
        self._stem_uid = uid

    @property
    def version(self):
        """The version tag of the script (str); None if none was set."""
        return self._version

    @version.setter
    def version(self, version):
        warn("ln.settings.transform.version", f"ln.context.version = {version!r}")
        self._version = version


def parts_of_executor(executor):
    """("dask", "host:port") of an executor; None is this machine with all its cores. Raises InvalidArgument."""
    return _core.executor_called("" if executor is None else str(executor))


class Settings(Strict):
    """Settings of this process: `ln.settings`. `track_run_inputs` (bool): loaded artifacts are inputs of the tracked run.

    Example:

        >>> ln.settings.track_run_inputs
        True
    """

    track_run_inputs = True

    def __init__(self):
        self._creation = CreationSettings()
        self._annotation = AnnotationSettings()
        self._transform = TransformSettings()
        self._sync_git_repo = None
        self._executor = None
        self._organism_name = None  # the name of `bt.settings.organism`

    @property
    def creation(self):
        """What happens when records are created, a CreationSettings."""
        return self._creation

    @property
    def annotation(self):
        """How much a dataset is annotated, an AnnotationSettings."""
        return self._annotation

    @property
    def transform(self):
        """How scripts of 2024 named their transform, a TransformSettings."""
        return self._transform

    @property
    def instance_uid(self):
        """The uid of the connected instance (str)."""
        return _session.current().settings["uid"]

    @property
    def cache_dir(self):
        """The folder for downloaded files (a UPath)."""
        return upath(_core.cache_folder())

    @property
    def storage(self):
        """The default storage, a StorageSettings."""
        return StorageSettings(_session.current())

    @storage.setter
    def storage(self, path):
        """Where new artifacts go from now on: a location of the instance, by its path; a new one is registered."""
        path, options = path if isinstance(path, tuple) else (path, {})
        options = {"host": options} if isinstance(options, str) else dict(options)
        _core.use_storage(self._location(path, **options))

    def _location(self, path, **options):
        found = _core.find_storage(_session.current(), os.fspath(path))
        return found if found is not None else class_of("Storage")(root=os.fspath(path), **options).save()

    @property
    def local_storage(self):
        """Not implemented yet."""
        Missing("settings.local_storage")()

    @local_storage.setter
    def local_storage(self, path):
        _core.check_writable(self._location(path))
        if _session.current().settings.get("keep_artifacts_local") != "True":
            raise ValueError("the instance does not keep artifacts local: set ln.settings.storage to write elsewhere")
        Missing("settings.local_storage = ...")()

    @property
    def executor(self):
        """Where work on many artifacts runs (str): "dask://host:port" or "ray://host:port", a cluster that you run, or "local://4",
        four processes here; otherwise that of the environment variable LAMIN_EXECUTOR; None: on all cores here.
        """
        return self._executor or os.environ.get("LAMIN_EXECUTOR") or None

    @executor.setter
    def executor(self, executor):
        parts_of_executor(executor)
        self._executor = executor

    @property
    def sync_git_repo(self):
        """The address of the git repository that scripts are in (str): `ln.track()` notes the commit that has the script as it runs, and
        fails if there is none. Otherwise that of the environment variable LAMINDB_SYNC_GIT_REPO; None: no repository.
        """
        return self._sync_git_repo or os.environ.get("LAMINDB_SYNC_GIT_REPO") or None

    @sync_git_repo.setter
    def sync_git_repo(self, value):
        self._sync_git_repo = None if value is None else sanitized(str(value))

    @property
    def verify(self):
        """How thoroughly bytes are verified when they are read: "size", or "full" for the digest of all bytes (str)."""
        return _session.verify()

    @verify.setter
    def verify(self, verify):
        _session.set_verify(verify)

    @property
    def verbosity(self):
        """The least important message that is shown: "error", "warning", "success", "info", "hint" or "debug" (str)."""
        return logger.name

    @verbosity.setter
    def verbosity(self, verbosity):
        logger.set_verbosity(verbosity)

    def __repr__(self):
        lines = ["Settings"]
        if _session.is_connected():
            instance = _session.current().settings
            lines += [f"  instance: {instance['slug']}", f"  storage: {instance['storage_root']}"]
        lines += [f"  verbosity: {self.verbosity}", f"  track_run_inputs: {self.track_run_inputs}"]
        return "\n".join(lines)


settings = Settings()
