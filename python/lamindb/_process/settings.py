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

StorageSettings = later("lamindb._process.instance", "StorageSettings")
upath = later("lamindb._process.paths", "upath")


class CreationSettings(Strict):
    """What happens when records are created."""

    search_names = True
    artifact_skip_size_hash = False
    artifact_silence_missing_run_warning = False
    _artifact_use_virtual_keys = True

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
    """How much a dataset is annotated."""

    n_max_records = 1000


class TransformSettings(Strict):
    """How scripts of 2024 named their transform, before `ln.track("uid")`."""

    _stem_uid = _version = None

    @property
    def stem_uid(self):
        return self._stem_uid

    @stem_uid.setter
    def stem_uid(self, uid):
        warn("ln.settings.transform.stem_uid", f"ln.track({uid!r})")
        self._stem_uid = uid

    @property
    def version(self):
        return self._version

    @version.setter
    def version(self, version):
        warn("ln.settings.transform.version", f"ln.context.version = {version!r}")
        self._version = version


class Settings(Strict):
    """Settings of this process."""

    track_run_inputs = True

    def __init__(self):
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
