"""`ln.settings`: how this process behaves."""

import os

from .. import _core
from .._surface.lazy import later
from .._surface.missing import Missing
from . import session as _session
from .classes import class_of
from .logger import logger

StorageSettings = later("lamindb._process.instance", "StorageSettings")
upath = later("lamindb._process.paths", "upath")


class CreationSettings:
    """What happens when records are created."""

    def __init__(self):
        self.search_names = True
        self.artifact_skip_size_hash = False
        self.artifact_silence_missing_run_warning = False
        self._artifact_use_virtual_keys = True


class AnnotationSettings:
    """How much a dataset is annotated."""

    def __init__(self):
        self.n_max_records = 1000


class TransformSettings:
    """How scripts of 2024 named their transform, before `ln.track("uid")`."""

    def __init__(self):
        self.stem_uid = None
        self.version = None


class Settings:
    """Settings of this process."""

    def __init__(self):
        self.track_run_inputs = True
        self._creation = CreationSettings()
        self._annotation = AnnotationSettings()
        self._transform = TransformSettings()
        self._sync_git_repo = None
        self._organism_name = None  # the name of `bt.settings.organism`

    @property
    def creation(self):
        return self._creation

    @property
    def annotation(self):
        return self._annotation

    @property
    def transform(self):
        return self._transform

    @property
    def instance_uid(self):
        return _session.current().settings["uid"]

    @property
    def cache_dir(self):
        return upath(_core.cache_folder())

    @property
    def storage(self):
        """The default storage."""
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
        Missing("settings.local_storage")()

    @local_storage.setter
    def local_storage(self, path):
        _core.check_writable(self._location(path))
        if _session.current().settings.get("keep_artifacts_local") != "True":
            raise ValueError("the instance does not keep artifacts local: set ln.settings.storage to write elsewhere")
        Missing("settings.local_storage = ...")()

    @property
    def sync_git_repo(self):
        return self._sync_git_repo

    @sync_git_repo.setter
    def sync_git_repo(self, value):
        Missing("settings.sync_git_repo = ...")()

    @property
    def verify(self):
        """How thoroughly bytes are verified when they are read: "size" or "full" (the digest of all bytes)."""
        return _session.verify()

    @verify.setter
    def verify(self, verify):
        _session.set_verify(verify)

    @property
    def verbosity(self):
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
