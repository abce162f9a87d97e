"""Who and where: users, spaces, branches."""

from lamindb._records.can_curate import CanCurate
from lamindb._records.record import BaseSQLRecord, HasNotes
from lamindb._records.status import status_code, status_keyword
from lamindb._records.traits import HasEmoji
from lamindb._surface.lazy import public
from lamindb.base.types import BRANCH_CODE_TO_STATUS, BRANCH_STATUS_TO_CODE


class User(BaseSQLRecord, CanCurate, registry="User"):
    """A person, or a service that acts like one.

    Example:

        >>> ln.User.get(handle=ln.setup.settings.user.handle).handle == label.created_by.handle
        True
    """

    _init_names = ("uid", "handle", "name")


class Space(BaseSQLRecord, registry="Space"):
    """A part of the instance with its own access rights; each row belongs to one.

    Example:

        >>> ln.Space.get(name="all").name
        'all'
    """

    _init_names = ("name", "description")


class Branch(BaseSQLRecord, HasNotes, HasEmoji, registry="Branch"):
    """A line of changes separate from main, to be merged.

    Example:

        >>> ln.Branch.get(name="main").status
        'standalone'
    """

    _init_names = ("name", "description")
    _aliases = {"status": status_keyword(BRANCH_STATUS_TO_CODE, "Branch")}

    @property
    def status(self):
        """The state of the work on it: standalone, draft, review, merged or closed (str)."""
        return BRANCH_CODE_TO_STATUS[self._status_code]

    @status.setter
    def status(self, value):
        self._status_code = status_code(BRANCH_STATUS_TO_CODE, value, "Branch")


_BASES = ("HasType", "IsLink", "Registry", "SQLRecord", "SQLRecordSettings", "ValidateFields")
__getattr__, __dir__ = public(__name__, dict.fromkeys(_BASES, "lamindb.models"))
