"""Names of types in signatures, and the value that stands for "not passed"."""

from .. import _core
from .._surface.lazy import public


class Unset:
    """Tells "not passed" from None.

    Example:

        >>> bool(ln.base.types.UNSET)
        False
    """

    def __repr__(self):
        return "UNSET"

    def __bool__(self):
        return False


UNSET = Unset()

RUN_STATUS_TO_CODE = _core.codes("Run", "_status_code")
RUN_CODE_TO_STATUS = {code: status for status, code in RUN_STATUS_TO_CODE.items()}
BRANCH_STATUS_TO_CODE = _core.codes("Branch", "_status_code")
BRANCH_CODE_TO_STATUS = {code: status for status, code in BRANCH_STATUS_TO_CODE.items()}
# In the order in which they are shown, which is not that of their codes.
_PROJECT = ("planned", "up-next", "active", "completed", "paused", "background", "canceled", "archived")
PROJECT_STATUS_TO_CODE = dict(sorted(_core.codes("Project", "_status_code").items(), key=lambda item: _PROJECT.index(item[0])))
PROJECT_CODE_TO_STATUS = {code: status for status, code in PROJECT_STATUS_TO_CODE.items()}

_ALIASES = ("FieldAttr", "StrField", "ListLike", "AnyPath", "AnyPathStr", "StorageType", "ArtifactKind", "TransformKind", "BlockKind",
            "TransferMode", "RunStatus", "BranchStatus", "ProjectStatus")  # fmt: skip
__getattr__, __dir__ = public(__name__, dict.fromkeys(_ALIASES, "lamindb.base._aliases") | {"CanonicalSuffix": "lamindb.base.canonical_suffix"})
