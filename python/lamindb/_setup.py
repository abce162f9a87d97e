"""Making, connecting and leaving instances; `ln.setup`."""

from . import _core, _session
from ._logger import logger
from .errors import CannotSwitchDefaultInstance, CurrentInstanceNotConfigured


def _modules(given):
    if given is None:
        return []
    names = given.split(",") if isinstance(given, str) else list(given)
    return [name.strip() for name in names if name.strip() and name.strip() != "lamindb"]


def init(*, storage="./storage", name=None, db=None, modules=None, **kwargs):
    """Makes an instance, or connects to it if it exists already."""
    if kwargs:
        raise TypeError(f"init() got unexpected keyword arguments {', '.join(kwargs)}")
    session = _core.init(_session.class_of, str(storage), name or "", db or "", _modules(modules))
    _session.set_current(session)
    settings = session.settings
    logger.important(f"initialized lamindb: {settings['slug']}")


def connect(instance=None, **kwargs):
    """Connects to an instance: "owner/name", or "name" of the current user."""
    from ._context import context

    if kwargs.get("_reload_lamindb") is None and set(kwargs) - {"_reload_lamindb", "use_root_db_user"}:
        raise TypeError(f"connect() got unexpected keyword arguments {', '.join(kwargs)}")
    if instance is None:
        _session.current()
        return None
    slug = instance.removeprefix("https://lamin.ai/").strip("/")
    if context.run is not None and _session.is_connected() and _session.current().settings["slug"] != slug:
        raise CannotSwitchDefaultInstance(f"cannot connect to {slug!r} while a run is tracked: call ln.finish() first")
    session = _core.connect(_session.class_of, slug)
    _core.set_current(session.settings["slug"])
    _session.set_current(session)
    logger.important(f"connected lamindb: {session.settings['slug']}")
    return None


def disconnect(mute=False, here=False):
    """Forgets the current instance; with `here` only in this folder."""
    import os

    known = _core.current_settings()
    there = _core.disconnect(os.getcwd() if here else "")
    _session.set_current(None)
    if not mute:
        if there and known:
            logger.success(f"disconnected instance: {known['slug']}")
        else:
            logger.info("no instance loaded")


close = disconnect


def delete(slug, force=False, require_empty=True):
    """Deletes an instance: its settings and, where that is its database, its SQLite file."""
    current = _session.current_or_bare()
    known = _core.find_settings(slug)
    _core.delete_instance(slug, bool(force) or not require_empty)
    if current.is_open and current.settings["slug"] == known["slug"]:
        _session.set_current(None)
    logger.important(f"deleted instance: {known['slug']}")


class UserSettings:
    """Who is working here."""

    def __init__(self):
        user = _core.current_user()
        self.handle = user["handle"]
        self.uid = user["uid"]
        self.name = user["name"]
        self.email = user["email"]
        self.api_key = self.access_token = self.password = None

    @property
    def id(self):
        """The user's id in the connected instance."""
        return _session.current().stamp["user"]

    def __repr__(self):
        return f"Current user:\n - handle: {self.handle}\n - uid: {self.uid}"


class StorageSettings:
    """The default storage of the connected instance."""

    def __init__(self, session):
        self._session = session

    @property
    def record(self):
        return self._session.storage()

    @property
    def root_as_str(self):
        return self.record.root

    @property
    def root(self):
        from ._paths import UPath

        return UPath(self.root_as_str)

    @property
    def uid(self):
        return self.record.uid

    @property
    def type(self):
        return self.record.type

    @property
    def type_is_cloud(self):
        return self.type != "local"

    @property
    def region(self):
        return self.record.region

    @property
    def host(self):
        return self.region if self.type == "local" else None

    @property
    def instance_uid(self):
        return self.record.instance_uid

    @property
    def is_on_hub(self):
        return False

    @property
    def cache_dir(self):
        from ._paths import UPath

        return UPath(_core.cache_folder())

    def key_to_filepath(self, filekey):
        return self.root / str(filekey)

    def __getattr__(self, name):
        return _stand_in(self, name)

    def __repr__(self):
        return f"StorageSettings(root={self.root_as_str!r}, uid={self.uid!r})"


class InstanceSettings:
    """What the settings file of the connected instance says."""

    def __init__(self, settings):
        self._settings = settings

    owner = property(lambda self: self._settings["owner"])
    name = property(lambda self: self._settings["name"])
    slug = property(lambda self: self._settings["slug"])
    uid = property(lambda self: self._settings["uid"])
    db = property(lambda self: self._settings["db"])
    git_repo = property(lambda self: self._settings.get("git_repo"))
    modules = property(lambda self: set(self._settings["modules"]))
    is_on_hub = property(lambda self: False)
    is_managed_by_hub = property(lambda self: False)
    api_url = property(lambda self: None)
    is_read_only_connection = property(lambda self: False)
    keep_artifacts_local = property(lambda self: self._settings.get("keep_artifacts_local") == "True")

    @property
    def _id(self):
        from uuid import UUID

        return UUID(self._settings["id"])

    @property
    def dialect(self):
        return "postgresql" if self.db.startswith("postgres") else "sqlite"

    vendor = dialect

    @property
    def is_remote(self):
        return not (self.dialect == "sqlite" and "://" not in self._settings["storage_root"])

    @property
    def storage(self):
        return StorageSettings(_session.current())

    def __getattr__(self, name):
        return _stand_in(self, name)

    def __repr__(self):
        return (
            f"Instance: {self.slug}\n - storage: {self._settings['storage_root']}\n - db: {_without_password(self.db)}\n"
            f" - modules: {','.join(sorted(self.modules))}\n - git_repo: {self.git_repo}"
        )


def _without_password(url):
    head, at, tail = url.rpartition("@")
    scheme, _, user = head.partition("://")
    return f"{scheme}://{user.partition(':')[0]}:***@{tail}" if at and ":" in user else url


def _stand_in(owner, name):
    from ._missing import class_attribute

    found = None if name.startswith("_") else class_attribute(type(owner), name)
    if found is None:
        raise AttributeError(f"{type(owner).__name__} has no attribute {name!r}")
    return found


class SetupSettings:
    """`ln.setup.settings`: user, instance, storage."""

    @property
    def user(self):
        return UserSettings()

    @property
    def instance(self):
        if _session.is_connected():
            return InstanceSettings(_session.current().settings)
        found = _core.current_settings()
        if found is None:
            raise CurrentInstanceNotConfigured("No instance is connected: ln.connect('owner/name')")
        return InstanceSettings(found)

    @property
    def storage(self):
        return StorageSettings(_session.current())

    @property
    def is_configured(self):
        return _core.current_settings() is not None

    @property
    def is_connected(self):
        return _session.is_connected()

    @property
    def modules(self):
        return self.instance.modules

    @property
    def cache_dir(self):
        from ._paths import UPath

        return UPath(_core.cache_folder())

    @property
    def settings_dir(self):
        from ._paths import UPath

        return UPath(_core.settings_folder())

    @property
    def branch(self):
        from ._registry import class_of

        return class_of("Branch").get(_session.current().stamp["branch"])

    @property
    def space(self):
        from ._registry import class_of

        return class_of("Space").get(_session.current().stamp["space"])

    def __getattr__(self, name):
        return _stand_in(self, name)

    def __repr__(self):
        if not self.is_configured:
            return "Instance: none"
        instance = self.instance
        return (
            f"Instance: {instance.slug}\nDetails:\n - storage: {instance._settings['storage_root']}\n"
            f" - db: {_without_password(instance.db)}\n - modules: {','.join(sorted(instance.modules))}\n"
            f"Settings:\n - cache: {self.cache_dir}\n - user settings: {self.settings_dir}\nUser: {self.user.handle}"
        )


settings = SetupSettings()


def info():
    """What this process is connected to, as text."""
    return repr(settings)
