"""Which instance this process is connected to.

There is one current instance. It is connected when the package is imported, or at the first query if it appeared
later; without one the classes exist and a query raises `CurrentInstanceNotConfigured`.
"""

from _thread import RLock

from .. import _core
from .classes import class_of, made
from .logger import logger

_lock = RLock()
_current = None  # an open session
_bare = None  # classes without an instance
_others = {}  # slug -> session of an instance beside the current one


def bare():
    """A session without an instance: enough to build classes."""
    global _bare
    if _bare is None:
        with _lock:
            if _bare is None:
                _bare = _core.no_session(class_of)
    return _bare


def current():
    """The open session. Raises `CurrentInstanceNotConfigured`."""
    if _current is None:
        connect_current()
    return _current


def current_or_bare():
    """The open session if there is one; never connects."""
    return _current if _current is not None else bare()


def is_connected():
    return _current is not None


def set_current(session):
    global _current
    with _lock:
        before, _current = _current, session
    if session is not None and before is not None and before.modules() != session.modules():
        for cls in list(made.values()):
            cls._take_new_relations()


def connect_current():
    """Opens what the settings files point at."""
    with _lock:
        if _current is None:
            set_current(_core.connect_current(class_of))


def connect_on_import():
    """Connects if an instance is configured; says so, or why it could not, but never fails."""
    try:
        connect_current()
    except Exception as error:
        if getattr(error, "code", "") != "not_configured":
            logger.warning(f"could not connect to the current instance: {error}")
        else:
            logger.warning("no instance is connected: ln.connect('owner/name'), ln.setup.init(storage='./storage')")
        return
    settings = _current.settings
    logger.important(f"connected lamindb: {settings['slug']}")


def of_instance(slug):
    """The open session of another instance, kept for the life of the process; None if that is the current one."""
    if slug is None or slug == "default":
        return None
    here = current_or_bare()
    if here.is_open and slug in (here.settings["slug"], here.settings["name"]):
        return None
    if slug not in _others:
        _others[slug] = _core.connect(class_of, slug)
    return _others[slug]
