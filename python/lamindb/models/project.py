"""Projects and references."""

from lamindb._records.can_curate import CanCurate
from lamindb._records.record import SQLRecord, check_type
from lamindb._records.status import status_code, status_keyword
from lamindb._records.traits import HasAbbr, HasEmoji, HasType, TracksRun, TracksUpdates, ValidateFields
from lamindb.base.types import PROJECT_CODE_TO_STATUS, PROJECT_STATUS_TO_CODE


class Project(SQLRecord, HasType, HasEmoji, CanCurate, HasAbbr, TracksRun, TracksUpdates, ValidateFields, registry="Project"):
    """What datasets and runs belong to.

    Example:

        >>> project = ln.Project(name="Immune atlas").save()
        >>> artifact.projects.add(project)
        >>> artifact.projects.remove(project)
    """

    _init_names = ("name", "type", "is_type", "abbr", "url", "description", "start_date", "end_date", "branch", "space")
    _aliases = {"status": status_keyword(PROJECT_STATUS_TO_CODE, "Project")}

    def __init__(self, *args, **kwargs):
        check_type(Project, kwargs.get("type"))
        super().__init__(*args, **kwargs)

    @property
    def status(self):
        """planned, up-next, active, completed, background, paused, canceled or archived (str)."""
        return PROJECT_CODE_TO_STATUS.get(self._status_code, "completed")

    @status.setter
    def status(self, status):
        self._status_code = status_code(PROJECT_STATUS_TO_CODE, status, "Project")

    def query_projects(self, depth=None):
        """Projects of this type (a query set).

        Args:
            depth (int, optional): how many levels of types below; None for all.

        Example:

            >>> ln.Project(name="Atlases", is_type=True).save().query_projects().count()
            0
        """
        return self._query_members(depth)


class Reference(SQLRecord, HasType, HasEmoji, CanCurate, HasAbbr, TracksRun, TracksUpdates, ValidateFields, registry="Reference"):
    """A publication, preprint or document.

    Example:

        >>> ln.Reference(name="Zheng 2017", doi="10.1038/ncomms14049").save().doi
        '10.1038/ncomms14049'
    """

    _init_names = (
        "name", "type", "is_type", "abbr", "url", "pubmed_id", "doi", "description", "text", "date", "branch", "space",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        check_type(Reference, kwargs.get("type"))
        if isinstance(kwargs.get("pubmed_id"), str):
            kwargs["pubmed_id"] = _number(kwargs["pubmed_id"])
        super().__init__(*args, **kwargs)

    def query_references(self, depth=None):
        """References of this type (a query set).

        Args:
            depth (int, optional): how many levels of types below; None for all.

        Example:

            >>> ln.Reference(name="Papers", is_type=True).save().query_references().count()
            0
        """
        return self._query_members(depth)


def _number(text):
    """Digits as a number; any other text is refused when it is set."""
    return int(text) if text.strip().isdecimal() else text
