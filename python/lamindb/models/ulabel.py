"""Universal labels."""

from lamindb._records.can_curate import CanCurate
from lamindb._records.record import SQLRecord, check_type
from lamindb._records.traits import HasEmoji, HasParents, HasType, TracksRun, TracksUpdates


class ULabel(SQLRecord, HasType, HasEmoji, HasParents, CanCurate, TracksRun, TracksUpdates, registry="ULabel"):
    """A label that does not fit any other registry.

    Raises:
        FieldValidationError: a keyword is not a field, or the name is missing.
        ValidationError: the type is of another registry.

    Example:

        >>> ln.ULabel(name="pilot").save().name
        'pilot'
    """

    _positional_message = "Only one non-keyword arg allowed"
    _init_names = ("name", "type", "is_type", "description", "reference", "reference_type", "branch", "space")

    def __init__(self, *args, **kwargs):
        check_type(ULabel, kwargs.get("type"))
        super().__init__(*args, **kwargs)

    def query_ulabels(self, depth=None):
        """Labels of this type (a query set).

        Args:
            depth (int, optional): how many levels of types below; None for all.

        Example:

            >>> stages = ln.ULabel(name="Stages", is_type=True).save()
            >>> stages.query_ulabels().count()
            0
            >>> _ = stages.delete(permanent=True)
        """
        return self._query_members(depth)
