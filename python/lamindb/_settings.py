"""`ln.settings`: how this process behaves."""

from . import _core, _session
from ._logger import logger


class CreationSettings:
    """What happens when records are made."""

    def __init__(self):
        self.search_names = True
        self.artifact_skip_size_hash = False
        self.artifact_silence_missing_run_warning = False
        self._artifact_use_virtual_keys = True


class AnnotationSettings:
    """How much a dataset is annotated with."""

    def __init__(self):
        self.n_max_records = 1000


class Settings:
    """Settings of this process."""

    def __init__(self):
        self.track_run_inputs = True
        self._creation = CreationSettings()
        self._annotation = AnnotationSettings()
        self._sync_git_repo = None

    @property
    def creation(self):
        return self._creation

    @property
    def annotation(self):
        return self._annotation

    @property
    def instance_uid(self):
        return _session.current().settings["uid"]

    @property
    def cache_dir(self):
        from ._paths import UPath

        return UPath(_core.cache_folder())

    @property
    def storage(self):
        """The default storage."""
        from ._setup import StorageSettings

        return StorageSettings(_session.current())

    @storage.setter
    def storage(self, path):
        from ._missing import Missing

        Missing("settings.storage = ...")()

    @property
    def local_storage(self):
        from ._missing import Missing

        Missing("settings.local_storage")()

    @property
    def sync_git_repo(self):
        return self._sync_git_repo

    @sync_git_repo.setter
    def sync_git_repo(self, value):
        from ._missing import Missing

        Missing("settings.sync_git_repo = ...")()

    @property
    def verbosity(self):
        return logger.name

    @verbosity.setter
    def verbosity(self, verbosity):
        logger.set_verbosity(verbosity)

    def __repr__(self):
        lines = ["Settings"]
        if _session.is_connected():
            session = _session.current()
            lines += [f"  instance: {session.settings['slug']}", f"  storage: {session.settings['storage_root']}"]
        lines += [f"  verbosity: {self.verbosity}", f"  track_run_inputs: {self.track_run_inputs}"]
        return "\n".join(lines)


settings = Settings()
