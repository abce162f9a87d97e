"""`ln.settings`: how this process behaves."""

from .. import _core
from .._surface.lazy import later
from .._surface.missing import Missing
from . import session as _session
from .logger import logger

StorageSettings = later("lamindb._process.instance", "StorageSettings")
upath = later("lamindb._process.paths", "upath")


class CreationSettings:
    """What happens when records are created: `ln.settings.creation`.

    `search_names` (bool): look for similar names; `artifact_silence_missing_run_warning` (bool): do not tell that no run is
    tracked; `artifact_skip_size_hash` (bool): accepted for code of LaminDB.

    Example:

        >>> ln.settings.creation.search_names
        True
    """

    def __init__(self):
        self.search_names = True
        self.artifact_skip_size_hash = False
        self.artifact_silence_missing_run_warning = False
        self._artifact_use_virtual_keys = True


class AnnotationSettings:
    """How much a dataset is annotated: `n_max_records` (int) labels of one column at most.

    Example:

        >>> ln.settings.annotation.n_max_records
        1000
    """

    def __init__(self):
        self.n_max_records = 1000


class TransformSettings:
    """How scripts of 2024 named their transform, before `ln.track("uid")`: `stem_uid` and `version`.

    Example:

        >>> ln.settings.transform.stem_uid is None
        True
    """

    def __init__(self):
        self.stem_uid = None
        self.version = None


class Settings:
    """Settings of this process: `ln.settings`. `track_run_inputs` (bool): loaded artifacts are inputs of the tracked run.

    Example:

        >>> ln.settings.track_run_inputs
        True
    """

    def __init__(self):
        self.track_run_inputs = True
        self._creation = CreationSettings()
        self._annotation = AnnotationSettings()
        self._transform = TransformSettings()
        self._sync_git_repo = None
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
        Missing("settings.storage = ...")()

    @property
    def local_storage(self):
        """Not implemented yet."""
        Missing("settings.local_storage")()

    @property
    def sync_git_repo(self):
        """The git repository whose state `track` notes (str); setting it is not implemented yet."""
        return self._sync_git_repo

    @sync_git_repo.setter
    def sync_git_repo(self, value):
        Missing("settings.sync_git_repo = ...")()

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
