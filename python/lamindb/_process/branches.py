"""The branch and space that a process works in."""

from .. import _core
from ..errors import BranchAlreadyExists, IntegrityError, ObjectDoesNotExist
from . import session as _session


def switch(target, *, space=False, create=False):
    """Switches to another branch, by record, name or uid: new records go there, and queries see it along with main.

    With `create` the branch is created first, with `space` the space is changed instead. The choice is stored for later processes.
    """
    session = _session.current()
    if not isinstance(target, str):
        found = target
    elif space:
        found = _core.space(session, target)
    elif create:
        try:
            found = _core.create_branch(session, target)
        except IntegrityError:
            raise BranchAlreadyExists(f"Branch {target!r} already exists. Omit -c/--create to switch to it.") from None
    else:
        try:
            found = _core.branch(session, target)
        except ObjectDoesNotExist as error:
            raise ObjectDoesNotExist(f"{error} To create and switch, run: lamin switch -c {target}") from None
    _core.switch_to(found, bool(space))
