"""Which instance this process is connected to.

There is one current instance. It is connected when the package is imported, or at the first query if it appeared
later; without one the classes exist and a query raises `CurrentInstanceNotConfigured`.
"""

from _thread import RLock

from . import _core

_lock = RLock()
_current = None  # an open session
_bare = None  # classes without an instance


def class_of(qualified):
    """The class of a table; called by the core when it makes a row."""
    from ._registry import class_of as find

    return find(qualified)


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
        from ._registry import complete_classes

        complete_classes()


def connect_current():
    """Opens what the settings files point at."""
    with _lock:
        if _current is None:
            set_current(_core.connect_current(class_of))


def connect_on_import():
    """Connects if an instance is configured; says so, or why it could not, but never fails."""
    from ._logger import logger

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
