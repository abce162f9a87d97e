"""Flexible records: rows of sheets."""

from lamindb._records.can_curate import CanCurate
from lamindb._records.record import Both, SQLRecord, check_type
from lamindb._records.registry import Registry
from lamindb._records.traits import HasEmoji, HasParents, HasType, TracksRun, TracksUpdates
from lamindb._surface.lazy import later

FeatureManager, hold_feature_values, forget_feature_values = later(
    "lamindb._datasets.features", "FeatureManager", "hold_feature_values", "forget_feature_values"
)
sheet_to_dataframe = later("lamindb._queries.feature_values", "sheet_to_dataframe")
records_of, to_artifact = later("lamindb._records.sheets", "records_of", "to_artifact")


class Record(SQLRecord, HasType, HasEmoji, HasParents, CanCurate, TracksRun, TracksUpdates, registry="Record"):
    """A row of a sheet, or a sheet itself."""

    _init_names = (
        "name", "type", "is_type", "features", "description", "schema", "reference", "reference_type", "branch", "space",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        if len(args) == 1 and isinstance(args[0], str):
            args, kwargs = (), {"name": args[0], **kwargs}
        if args:
            raise ValueError("Only one non-keyword arg allowed")
        check_type(Record, kwargs.get("type"))
        features = kwargs.pop("features", None)
        super().__init__(*args, **kwargs)
        if features:
            self.__dict__["_features"] = features

    def _before_save(self):
        hold_feature_values(self)

    def _after_save(self):
        forget_feature_values(self)

    @property
    def features(self):
        """Feature values of this record."""
        return FeatureManager(self)

    def _rows_to_dataframe(self, recurse=False, limit=None, **kwargs):
        """The rows of a sheet: one column per feature of its schema."""
        if not self.is_type:
            raise TypeError(f"{self!r} is no type: only a sheet can be shown as a DataFrame")
        rows = self.query_records() if recurse else Record.filter(type=self)
        return sheet_to_dataframe(self, rows.order_by("id") if limit is None else rows.order_by("id")[:limit])

    to_dataframe = Both(Registry.to_dataframe, _rows_to_dataframe)

    @classmethod
    def from_dataframe(cls, df, *, type, name_field="__lamindb_record_name__"):
        """The rows of a data frame as records of a type, to be saved together; see `RecordBatch.save`."""
        return records_of(df, type, name_field)

    def to_artifact(self, key=None, suffix=None, is_run_input=None, link_individual_inputs=True, **kwargs):
        """The records of this type as an artifact, by default a CSV file."""
        return to_artifact(self, key, suffix, is_run_input, link_individual_inputs, **kwargs)

    @property
    def is_sheet(self):
        return bool(self.is_type and self.schema_id is not None)

    def query_records(self, depth=None):
        """Records of this type, at any depth."""
        return self._query_members(depth)
