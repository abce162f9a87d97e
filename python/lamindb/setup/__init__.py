"""`ln.setup`: creating, connecting and disconnecting instances."""

import os

from .. import _core
from .._process import session as _session
from .._process.classes import class_of
from .._process.branches import switch
from .._process.instance import settings
from .._process.logger import logger
from .._surface.former import keywords
from .._surface.lazy import public
from .._tracking.context import context
from ..errors import CannotSwitchDefaultInstance, Unsupported
from .migration import migrate
from .plugins import resolve

__all__ = ["connect", "delete", "disconnect", "info", "init", "logger", "login", "logout", "merge", "migrate", "settings", "switch", "sync"]
_LIVE = "Cannot switch default instance while `ln.track()` is live: call `ln.finish()`"
__getattr__, __dir__ = public(__name__, modules=("core", "errors", "io", "types"))


@keywords
def init(*, storage="./storage", name=None, db=None, modules=None):
    """Creates an instance, or connects to it if it already exists.

    Args:
        storage (str | PathLike): the folder or URL for artifacts.
        name (str, optional): of the instance; otherwise that of the folder.
        db (str, optional): `postgresql://user:password@host:port/name`; otherwise a SQLite file in the storage.
        modules (str | list[str], optional): `"bionty,pertdb"`, packages or JSON files of plug-ins.

    Raises:
        InstanceNotCreated: the database or the storage cannot be made.
        CannotSwitchDefaultInstance: a run is tracked.
        TypeError: a keyword is unknown; it names the nearest.

    Example::

        ln.setup.init(storage="./cells", modules="bionty")
    """
    if context.run is not None:
        raise CannotSwitchDefaultInstance(_LIVE)
    names, plugins = resolve(modules)
    opened = _core.init(class_of, str(storage), name or "", db or "", names, plugins)
    _session.set_current(opened)


@keywords
def connect(instance=None, *, replace=False, use_root_db_user=False, _reload_lamindb=None):
    """Connects to an instance, for this process and as the default of this user.

    Args:
        instance (str | PathLike, optional): "owner/name", "name" of the current user, the folder of an instance that was
            moved or copied here, or None for the default.
        replace (bool): the folder takes the place of the instance that has its name here.
        use_root_db_user (bool): of databases behind a hub, which is not asked here: True is refused.

    Raises:
        InstanceNotFoundError: no instance with this name is known here.
        IntegrityError: the folder is a copy of an instance that is still at its place.
        CannotSwitchDefaultInstance: a run is tracked.
        TypeError: a keyword is unknown; it names the nearest.

    Example::

        ln.connect("lab/cells")
    """
    if use_root_db_user:
        raise Unsupported("no hub is asked here, so that there is no root user of its databases: pass the URL of the database to init()")
    if instance is None:
        _session.current()
        return None
    if not isinstance(instance, (str, os.PathLike)):
        raise TypeError(f"connect() takes the name of an instance or a folder, not {type(instance).__name__}")
    where = os.path.expanduser(os.fspath(instance))
    slug = where.removeprefix("https://lamin.ai/")
    if isinstance(instance, str) and not where.startswith(("/", ".")):
        slug = slug.strip("/")
    if context.run is not None and _session.is_connected() and _session.current().settings["slug"] != slug:
        raise CannotSwitchDefaultInstance(_LIVE)
    if replace or isinstance(instance, os.PathLike):
        opened = _core.connect_folder(class_of, slug, bool(replace))
    else:
        opened = _core.connect(class_of, slug)
    _core.set_current(opened.settings["slug"])
    _session.set_current(opened)
    logger.important(f"connected lamindb: {opened.settings['slug']}{' (may only be read)' if opened.read_only else ''}")
    return None


def sync(*, take_over=False, discard=False):
    """Puts what was written into a SQLite database that lies in a bucket, and fetches what others wrote.

    Both happen by themselves: when the instance is opened, at the end of a run and of the program, and every 30 seconds
    while it writes. From its first write on it is locked for others until then. For any other database it does nothing.

    Args:
        take_over (bool): takes the lock from a program that is gone.
        discard (bool): puts aside what was written here and cannot be put into the bucket, because another program
            changed the database without respecting the lock.

    Returns:
        str | None: the SQLite file with what was put aside.

    Raises:
        IntegrityError: the database is locked, or was changed by a program that did not respect the lock.
        InvalidArgument: one of them was passed, and the database does not lie in a bucket.

    Example::

        ln.setup.sync()
    """
    here = _session.current()
    _, kept = _core.sync(here.settings["slug"], bool(take_over), bool(discard))
    if kept:
        logger.warning(f"what was written here and is not in the bucket is in {kept}")
    return kept or None


def disconnect(mute=False, here=False):
    """Disconnects the current instance. What was written to a database in a bucket is put there before.

    Args:
        mute (bool): print nothing.
        here (bool): only in this folder.

    Example::

        ln.setup.disconnect()
    """
    known = _core.current_settings()
    there = _core.disconnect(os.getcwd() if here else "")
    _session.set_current(None)
    if not mute:
        if there and known:
            logger.success(f"disconnected instance: {known['slug']}")
        else:
            logger.info("no instance loaded")


def delete(slug, force=False, require_empty=True):
    """Deletes an instance: its settings and, if it uses SQLite, the database file.

    Args:
        slug (str): "owner/name".
        force (bool): even if it holds artifacts.
        require_empty (bool): False is the same as `force`.

    Raises:
        InstanceNotFoundError: no instance with this name is known here.
        StorageNotEmpty: it holds artifacts.

    Example::

        ln.setup.delete("lab/trial", force=True)
    """
    current = _session.current_or_bare()
    known = _core.find_settings(slug)
    _core.delete_instance(slug, bool(force) or not require_empty)
    if current.is_open and current.settings["slug"] == known["slug"]:
        _session.set_current(None)
    logger.important(f"deleted instance: {known['slug']}")


def merge(branch, *, target=None):
    """Moves all rows of a branch to another; in each version family the newest is then the latest.

    Args:
        branch (Branch | str): by record, name or uid.
        target (Branch | str, optional): where to; otherwise the current branch.

    Raises:
        ObjectDoesNotExist: there is no such branch.

    Example::

        ln.setup.merge("new-clustering")
    """
    session = _session.current()
    source, into = (_core.branch(session, given) if isinstance(given, str) else given for given in (branch, target))
    _core.merge_branch(source, _core.current_branch(session) if into is None else into)


@keywords
def login(user=None, *, name=None, email=None, api_key=None, key=None):
    """Says who one is, so that what is saved on a shared database is stamped with a person; no server is asked.

    Args:
        user (str, optional): the handle, or the e-mail of somebody who was logged in here before; None: who is logged in.
        name (str, optional): the full name, as others read it; None: as stored.
        email (str, optional): the e-mail; None: as stored.
        api_key (str, optional): a key for LaminDB's hub, which this package never asks: refused.
        key (str, optional): former name of `api_key`.

    Returns:
        UserSettings: `handle`, `name`, `uid`, `email`.

    Raises:
        InvalidArgument: the handle has other characters than letters, digits, `-`, `_` and `.`, or more than 30.
        ObjectDoesNotExist: nobody with this e-mail was logged in here.
        Unsupported: a key was passed.

    Example::

        ln.setup.login("ada", name="Ada Lovelace")
    """
    if api_key is not None or key is not None:
        raise Unsupported("no hub is asked here, so that there is nobody to check a key: pass your handle, login('ada')")
    if user is not None:
        _core.login(user, name or "", email or "")
        if _session.is_connected():
            _session.reconnect()
        logger.important(f"logged in {settings.user.handle}")
    elif name is not None or email is not None:
        raise TypeError("login() needs the handle of the user whose name or e-mail this is: login('ada', name=...)")
    return settings.user


def logout():
    """Makes one anonymous again; who one was is kept for the next login.

    Example::

        ln.setup.logout()
    """
    was = _core.logout()
    if _session.is_connected():
        _session.reconnect()
    logger.important("logged out" if was else "already logged out")


def info():
    """What this process is connected to, as text.

    Example:

        >>> ln.setup.info().splitlines()[0].startswith("Instance: ")
        True
    """
    return repr(settings)
