"""Names of types in signatures, and the value that stands for "not passed"."""

from .._surface.lazy import public


class Unset:
    """Tells "not passed" from None."""

    def __repr__(self):
        return "UNSET"

    def __bool__(self):
        return False


UNSET = Unset()

RUN_STATUS_TO_CODE = {"scheduled": -3, "restarted": -2, "started": -1, "completed": 0, "errored": 1, "aborted": 2}
RUN_CODE_TO_STATUS = {code: status for status, code in RUN_STATUS_TO_CODE.items()}
BRANCH_STATUS_TO_CODE = {"closed": -2, "merged": -1, "standalone": 0, "draft": 1, "review": 2}
BRANCH_CODE_TO_STATUS = {code: status for status, code in BRANCH_STATUS_TO_CODE.items()}
PROJECT_STATUS_TO_CODE = {
    "planned": -3, "up-next": -2, "active": -1, "completed": 0, "background": 1, "paused": 2, "canceled": 3, "archived": 4,
}  # fmt: skip
PROJECT_CODE_TO_STATUS = {code: status for status, code in PROJECT_STATUS_TO_CODE.items()}


__getattr__, __dir__ = public(__name__)
