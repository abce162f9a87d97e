"""The branch and space that a process works in."""

from .. import _core
from ..errors import BranchAlreadyExists, IntegrityError, ObjectDoesNotExist
from . import session as _session


def switch(target, *, space=False, create=False):
    """Switches to another branch: new records go there, and queries see it along with main. Later processes use it too.

    Args:
        target (Branch | Space | str): by record, name or uid.
        space (bool): switch to a space instead of a branch.
        create (bool): make the branch first.

    Raises:
        ObjectDoesNotExist: there is no such branch; it says how to make it.
        BranchAlreadyExists: with `create`, there is one.

    Example::

        ln.setup.switch("new-clustering", create=True)
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
