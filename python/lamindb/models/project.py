"""Projects and references."""

from lamindb._records.can_curate import CanCurate
from lamindb._records.record import SQLRecord, check_type
from lamindb._records.traits import HasAbbr, HasEmoji, HasType, TracksRun, TracksUpdates, ValidateFields


class Project(SQLRecord, HasType, HasEmoji, CanCurate, HasAbbr, TracksRun, TracksUpdates, ValidateFields, registry="Project"):
    """What datasets and runs belong to."""

    _init_names = ("name", "type", "is_type", "abbr", "url", "description", "start_date", "end_date", "branch", "space")

    def __init__(self, *args, **kwargs):
        check_type(Project, kwargs.get("type"))
        super().__init__(*args, **kwargs)

    def query_projects(self, depth=None):
        """Projects of this type, at any depth."""
        return self._query_members(depth)


class Reference(SQLRecord, HasType, HasEmoji, CanCurate, HasAbbr, TracksRun, TracksUpdates, ValidateFields, registry="Reference"):
    """A publication, preprint or document."""

    _init_names = (
        "name", "type", "is_type", "abbr", "url", "pubmed_id", "doi", "description", "text", "date", "branch", "space",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        check_type(Reference, kwargs.get("type"))
        super().__init__(*args, **kwargs)

    def query_references(self, depth=None):
        """References of this type, at any depth."""
        return self._query_members(depth)
