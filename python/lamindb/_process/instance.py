"""The contents of `ln.setup.settings`: the user, the instance, its storage."""

import os

from .. import _core
from .._surface.missing import instance_attribute
from .._surface.strict import Strict
from . import session as _session
from .branches import switch
from .logger import logger
from .paths import upath


class UserSettings:
    """The current user: `handle`, `uid`, `name`, `email`.

    Example:

        >>> ln.setup.settings.user.handle == label.created_by.handle
        True
    """

    def __init__(self):
        user = _core.current_user()
        self.handle = user["handle"]
        self.uid = user["uid"]
        self.name = user["name"]
        self.email = user["email"]
        self.api_key = self.access_token = self.password = None

    @property
    def id(self):
        """The id of the user's row in the connected instance (int)."""
        return _session.current().stamp["user"]

    def __repr__(self):
        return f"Current user:\n - handle: {self.handle}\n - uid: {self.uid}"


class StorageSettings:
    """The default storage of the connected instance.

    Args:
        of (object): internal; it is `ln.settings.storage`.

    Example:

        >>> ln.settings.storage.type
        'local'
    """

    def __init__(self, of):
        self._of = of

    @property
    def record(self):
        """Its row, a Storage."""
        return self._of.storage()

    @property
    def root_as_str(self):
        """The folder or URL (str)."""
        return self.record.root

    @property
    def root(self):
        """The folder or URL (a UPath)."""
        return upath(self.root_as_str)

    @property
    def uid(self):
        """The uid of its row (str)."""
        return self.record.uid

    @property
    def type(self):
        """"local", "s3", "gs", ... (str)."""
        return self.record.type

    @property
    def type_is_cloud(self):
        """Whether it is not a local folder (bool)."""
        return self.type != "local"

    @property
    def region(self):
        """The region of a bucket (str); the machine of a local folder."""
        return self.record.region

    @property
    def host(self):
        """The machine of a local storage (str); None for a bucket."""
        return self.region if self.type == "local" else None

    @property
    def instance_uid(self):
        """The uid of the instance that it belongs to (str)."""
        return self.record.instance_uid

    @property
    def is_on_hub(self):
        """False: nothing is registered elsewhere."""
        return False

    @property
    def cache_dir(self):
        """The folder for downloaded files (a UPath)."""
        return upath(_core.cache_folder())

    def key_to_filepath(self, filekey):
        """The place of a key in the storage.

        Args:
            filekey (str): a path relative to the root.

        Returns:
            UPath: the place; nothing is checked.

        Example:

            >>> ln.settings.storage.key_to_filepath("a/b.txt").name
            'b.txt'
        """
        return self.root / str(filekey)

    __getattr__ = instance_attribute

    def __repr__(self):
        return f"StorageSettings(root={self.root_as_str!r}, uid={self.uid!r})"


class InstanceSettings:
    """The settings file of an instance.

    Args:
        settings (dict): internal; it is `ln.setup.settings.instance`.

    Example:

        >>> ln.setup.settings.instance.dialect
        'sqlite'
    """

    def __init__(self, settings):
        self._settings = settings

    owner = property(lambda self: self._settings["owner"], doc="Who owns it, the first part of the slug (str).")
    name = property(lambda self: self._settings["name"], doc="Its name, the second part of the slug (str).")
    slug = property(lambda self: self._settings["slug"], doc='"owner/name" (str).')
    uid = property(lambda self: self._settings["uid"], doc="Its uid (str).")
    git_repo = property(lambda self: self._settings.get("git_repo"), doc="The repository whose state is noted (str); None without one.")
    modules = property(lambda self: set(self._settings["modules"]), doc="Its modules (a set of str).")
    is_on_hub = property(lambda self: False, doc="False: nothing is registered elsewhere.")
    is_managed_by_hub = property(lambda self: False, doc="False: nothing is registered elsewhere.")
    available_spaces = property(lambda self: None, doc="None: who may see which space is not asked of a hub.")
    api_url = property(lambda self: None, doc="None: nothing is registered elsewhere.")

    @property
    def keep_artifacts_local(self):
        """Whether artifacts stay on this machine, beside a storage in the cloud (bool); setting it is not implemented yet."""
        return self._settings.get("keep_artifacts_local") == "True"

    @keep_artifacts_local.setter
    def keep_artifacts_local(self, keep):
        if bool(keep) != self.keep_artifacts_local:
            raise NotImplementedError(
                f"settings.instance.keep_artifacts_local = {keep} is not implemented in lamindb-native yet: ln.settings.storage "
                "says where artifacts go"
            )


    @property
    def is_read_only_connection(self):
        """Whether this user may only read the database (bool): nothing can be saved, deleted or tracked."""
        return _session.is_connected() and _session.current().read_only

    @property
    def db(self):
        """The URL of the database (str); for SQLite with the four slashes of an absolute path."""
        url = self._settings["db"]
        return f"sqlite:////{url.removeprefix('sqlite:').lstrip('/')}" if url.startswith("sqlite:") else url

    @property
    def _id(self):
        from uuid import UUID

        return UUID(self._settings["id"])

    @property
    def dialect(self):
        """"sqlite" or "postgresql" (str)."""
        return "postgresql" if self.db.startswith("postgres") else "sqlite"

    vendor = dialect

    @property
    def is_remote(self):
        """Whether others can reach it: a PostgreSQL database, or a storage that is not a local folder (bool)."""
        return not (self.dialect == "sqlite" and "://" not in self._settings["storage_root"])

    @property
    def storage(self):
        """Its default storage, a StorageSettings."""
        return StorageSettings(_session.current())

    __getattr__ = instance_attribute

    def __repr__(self):
        return (
            f"Instance: {self.slug}\n - storage: {self._settings['storage_root']}\n - db: {_core.shown(self.db)}\n"
            f" - modules: {','.join(sorted(self.modules))}\n - git_repo: {self.git_repo}"
        )


# What LaminDB shows where no instance is connected.
_NONE = {"owner": "none", "name": "none", "slug": "none/none", "uid": "none", "id": "0" * 32, "db": "sqlite:", "storage_root": "none",
         "modules": []}  # fmt: skip


class SetupSettings(Strict):
    """The user, the instance and its storage: `ln.setup.settings`.

    Example:

        >>> ln.setup.settings.is_connected
        True
    """

    @property
    def user(self):
        """The current user, a UserSettings."""
        return UserSettings()

    @property
    def instance(self):
        """The connected instance, otherwise the default one; raises CurrentInstanceNotConfigured without any."""
        if _session.is_connected():
            return InstanceSettings(_session.current().settings)
        found = _core.current_settings()
        return InstanceSettings(_NONE if found is None else found)

    @property
    def storage(self):
        """The default storage of the connected instance, a StorageSettings."""
        return StorageSettings(_session.current())

    @property
    def is_configured(self):
        """Whether there is a default instance (bool)."""
        return _core.current_settings() is not None

    @property
    def is_connected(self):
        """Whether this process is connected (bool)."""
        return _session.is_connected()

    @property
    def modules(self):
        """The modules of the instance (a set of str)."""
        return self.instance.modules

    @property
    def auto_connect(self):
        """An instance is always connected when the package is imported."""
        return True

    @auto_connect.setter
    def auto_connect(self, value):
        logger.warning("auto_connect is always True: setting it has no effect")

    @property
    def private_django_api(self):
        """There is no Django here, so there is nothing to hide."""
        return False

    @private_django_api.setter
    def private_django_api(self, value):
        logger.warning("private_django_api is always False: setting it has no effect")

    @property
    def cache_dir(self):
        """The folder for downloaded files (a UPath); assign another one to store it for this user, None for the default."""
        return upath(_core.cache_folder())

    @cache_dir.setter
    def cache_dir(self, folder):
        _core.set_cache_folder("" if folder is None else os.fspath(folder))

    @property
    def dev_dir(self):
        """The nearest development folder, in or above the working directory; None if there is none.

        Assign a folder to make it one of the connected instance; None makes the nearest one a plain folder again.
        """
        found = _core.dev_folder()
        return None if found is None else upath(found)

    @dev_dir.setter
    def dev_dir(self, folder):
        if folder is not None:
            _core.set_current(self.instance.slug, os.path.abspath(os.fspath(folder)))
        elif (nearest := _core.dev_folder()) is not None:
            _core.disconnect(nearest)

    @property
    def settings_dir(self):
        """The folder with the settings of this user (a UPath)."""
        return upath(_core.settings_folder())

    @property
    def branch(self):
        """The branch that new records go to; assign one, or its name, to switch."""
        here = _session.current()
        return _core.find(here, "Branch", here.stamp["branch"])

    @branch.setter
    def branch(self, target):
        switch(target)

    @property
    def space(self):
        """The space that new records belong to; assign one, or its name, to switch."""
        here = _session.current()
        return _core.find(here, "Space", here.stamp["space"])

    @space.setter
    def space(self, target):
        switch(target, space=True)

    def __repr__(self):
        if not self.is_configured and not self.is_connected:
            return "Instance: none"
        instance = self.instance
        current = f" - branch: {self.branch.name}\n - space: {self.space.name}\n" if self.is_connected else ""
        return (
            f"Instance: {instance.slug}\n{current} - dev-dir: {self.dev_dir}\nDetails:\n - storage: {instance._settings['storage_root']}\n"
            f" - db: {_core.shown(instance.db)}\n - modules: {','.join(sorted(instance.modules))}\n"
            f"Settings:\n - cache: {self.cache_dir}\n - user settings: {self.settings_dir}\nUser: {self.user.handle}"
        )


settings = SetupSettings()
