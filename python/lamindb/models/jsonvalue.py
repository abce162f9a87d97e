"""Values of features that are not labels."""

from lamindb import _core
from lamindb._records.record import SQLRecord
from lamindb._records.traits import TracksRun


class JsonValue(SQLRecord, TracksRun, registry="JsonValue"):
    """A value of a feature, as JSON; artifacts and runs with the same value share it.

    Example:

        >>> ln.models.JsonValue.get_or_create(ln.Feature.get(name="temperature"), 4.0)[0].value
        4.0
    """

    @classmethod
    def get_or_create(cls, feature, value):
        """The row of a value, which is made if there is none.

        Args:
            feature (Feature): the feature.
            value (object): the value.

        Returns:
            tuple[JsonValue, bool]: the row, and whether it existed.

        Example:

            >>> row, existed = ln.models.JsonValue.get_or_create(ln.Feature.get(name="temperature"), 4.0)
            >>> row.feature.name
            'temperature'
        """
        return _core.json_value(feature, value)
