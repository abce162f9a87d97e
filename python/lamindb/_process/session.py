"""The instance that this process is connected to.

There is one current instance. It is connected when the package is imported, or at the first query if it was set later;
without one the classes exist, but a query raises `CurrentInstanceNotConfigured`.
"""

import os
from _thread import RLock

from .. import _core
from .classes import class_of, made
from .logger import logger
from .schemes import knows, open_place

_lock = RLock()
_current = None  # an open session
_bare = None  # classes without an instance
_others = {}  # slug -> session of an instance other than the current one
_declared = {}  # module -> JSON, for modules declared in Python
_verify = None  # how reads are verified, if set
_project = None  # the project that the tracked run is for
_watched = False  # whether the end of the program is waited for
_core.read_schemes_with(knows, open_place)
_former = []  # sessions from before a migration: their rows may be alive, and fields identify tables by address


def check_here(record):
    """Raises `Unsupported` if the record is a row of an instance other than the current one."""
    if _others and _current is not None:
        _core.check_same_instance(_current, record)


def bare():
    """A session without an instance: enough to build classes."""
    global _bare
    if _bare is None:
        with _lock:
            if _bare is None:
                _bare = _core.no_session(class_of, list(_declared.values()))
    return _bare


def current():
    """The open session. Raises `CurrentInstanceNotConfigured`."""
    if _current is None:
        connect_current()
    return _current


def current_user_id():
    """The id of the current user in the connected instance."""
    return current().stamp["user"]


def current_or_bare():
    """The open session if there is one; never connects."""
    return _current if _current is not None else bare()


def is_connected():
    return _current is not None


def set_current(session):
    global _current
    with _lock:
        before, _current = _current, session
    if session is not None:
        _watch_end(session)
    _tell_verify(session)
    if session is not None and before is not None and before.modules() != session.modules():
        for cls in list(made.values()):
            cls._take_new_fields()


def _watch_end(session):
    """What the session wrote to a database in a bucket is put there when the program ends."""
    global _watched
    if _watched or not session.is_open:
        return
    import atexit

    _watched = True
    pid = os.getpid()
    atexit.register(lambda: _push_at_exit() if os.getpid() == pid else None)


def push():
    """Puts what the open sessions wrote to databases in buckets there. Each is tried: the first error is raised at the end, others
    are logged."""
    errors = []
    for session in (_current, *_others.values()):
        try:
            if session is not None:
                _core.push(session)
        except Exception as error:
            errors.append(error)
    for error in errors[1:]:
        logger.error(str(error))
    if errors:
        raise errors[0]


def _push_at_exit():
    try:
        push()
    except Exception as error:
        logger.error(str(error))
        _core.fail_at_exit()


def project():
    """The project that the tracked run is for; None without one."""
    return _project


def set_project(record):
    """What is saved after this is labelled with the project."""
    global _project
    _project = record


def verify():
    """How reads are verified: "size" or "full"."""
    if _verify is not None:
        return _verify
    return _core.verify(_current) if _current is not None else os.environ.get("LAMIN_VERIFY") or "size"


def set_verify(name):
    """For all instances of this process, including those opened later."""
    global _verify
    _core.check_verify(str(name))
    _verify = name
    for session in (_current, *_others.values()):
        _tell_verify(session)


def _tell_verify(session):
    if _verify is not None and session is not None:
        _core.set_verify(session, _verify)


def declare(modules):
    """Registers the modules declared in Python: {name: JSON}."""
    global _bare
    with _lock:
        _declared.clear()
        _declared.update(modules)
        _bare = None


def has_another_version(module):
    """Whether the database has a different version of a module than is declared here."""
    there = None if _current is None else _core.module_json(_current, module)
    return there is not None and _declared.get(module, there) != there


def forget_class(qualified):
    """The next row of the registry gets the class that is current then."""
    if _current is not None:
        _core.forget_class(_current, qualified)


def reconnect():
    """Reopens the current instance after its tables have changed."""
    former = current()
    stamp = former.stamp
    _former.append(former)
    session = _core.connect(class_of, former.settings["slug"])
    session.set_stamp("run", stamp["run"])
    set_current(session)
    for cls in list(made.values()):
        if cls.__registry__ is not None and _core.has_table(session, cls.__registry__):
            cls._take_new_fields()


def connect_current():
    """Opens the instance that the settings files point to."""
    with _lock:
        if _current is None:
            set_current(_core.connect_current(class_of))


def connect_on_import():
    """Connects if an instance is configured; logs that, or why it could not, but never fails."""
    if "LAMIN_NO_CONNECT" in os.environ:
        return
    try:
        connect_current()
    except Exception as error:
        if getattr(error, "code", "") != "not_configured":
            logger.warning(f"could not connect to the current instance: {error}")
        else:
            logger.warning("no instance is connected: ln.connect('owner/name'), ln.setup.init(storage='./storage')")
        return
    settings = _current.settings
    logger.important(f"connected lamindb: {settings['slug']}{' (may only be read)' if _current.read_only else ''}")


def is_here(slug):
    """Whether `using` names the current instance: None, "default", its slug or its name."""
    here = current_or_bare()
    return slug in (None, "default") or (here.is_open and slug in (here.settings["slug"], here.settings["name"]))


def check_using(slug, call):
    """Raises NotImplementedError for an instance other than the current one."""
    if not is_here(slug):
        raise NotImplementedError(f"{call} of another instance is not implemented in lamindb-native yet: connect to it, or leave out using={slug!r}")


def refuse_elsewhere(session, what):
    """Raises NotImplementedError where registries are those of another instance."""
    if session is not current():
        raise NotImplementedError(
            f"{what} with registries of the instance {session.settings['slug']} is not implemented in lamindb-native yet: connect to it, "
            "or use a schema of the current instance"
        )


def of_instance(slug):
    """The open session of another instance, kept for the life of the process; None if that is the current one."""
    if is_here(slug):
        return None
    if slug not in _others:
        _others[slug] = _core.connect(class_of, slug)
        _tell_verify(_others[slug])
    return _others[slug]
