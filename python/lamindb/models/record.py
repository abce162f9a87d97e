"""Flexible records: rows of sheets."""

from lamindb import _core
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
    """A row of a sheet, or, with `is_type=True`, a sheet itself.

    Args:
        features (dict, optional): {feature: value} to set when it is saved.

    Raises:
        ValidationError: a value does not fit its feature or the schema of the sheet.

    Example:

        >>> sheet = ln.Record(name="Samples", is_type=True).save()
        >>> ln.Record(name="sample 1", type=sheet).save() == sample
        True
    """

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
        """Feature values of this record, a FeatureManager."""
        return FeatureManager(self)

    def _rows_to_dataframe(self, recurse=False, limit=None, **kwargs):
        """The rows of a sheet: one column per feature of its schema. On the class, the newest records.

        Args:
            recurse (bool): also rows of sheets below it.
            limit (int, optional): the most rows.
            **kwargs: accepted for code of LaminDB.

        Raises:
            TypeError: the record is not a sheet.

        Example:

            >>> len(sample.type.to_dataframe())
            1
        """
        if not self.is_type:
            raise TypeError(f"{_core.named(self)} is no type: only a sheet can be shown as a DataFrame")
        rows = self.query_records() if recurse else Record.filter(type=self)
        return sheet_to_dataframe(self, rows.order_by("id") if limit is None else rows.order_by("id")[:limit])

    to_dataframe = Both(Registry.to_dataframe, _rows_to_dataframe)

    @classmethod
    def from_dataframe(cls, df, *, type, name_field="__lamindb_record_name__"):
        """The rows of a data frame as records of a sheet; `.save()` saves all or none.

        Args:
            df (pandas.DataFrame): one row per record; columns are features.
            type (Record | str): the sheet; a text makes a new one of this name, with the columns that are features.
            name_field (str): the column with the names.

        Returns:
            RecordBatch: the unsaved rows.

        Example::

            ln.Record.from_dataframe(df, type="Samples").save()
        """
        return records_of(df, type, name_field)

    def to_artifact(self, key=None, suffix=None, is_run_input=None, link_individual_inputs=True, **kwargs):
        """The records of this sheet as a saved artifact, by default a CSV file.

        Args:
            key (str, optional): otherwise the name of the sheet.
            suffix (str, optional): ".csv" or ".parquet", instead of a key.
            is_run_input (Run | bool, optional): the run whose inputs they are; otherwise one of the export.
            link_individual_inputs (bool): note every row as an input, rather than the sheet alone.
            **kwargs: of `to_dataframe`.

        Raises:
            TypeError: the record is not a sheet.

        Example::

            sheet.to_artifact(key="samples.csv")
        """
        return to_artifact(self, key, suffix, is_run_input, link_individual_inputs, **kwargs)

    @property
    def is_sheet(self):
        """Whether it is a type with a schema (bool)."""
        return bool(self.is_type and self.schema_id is not None)

    def query_records(self, depth=None):
        """Records of this type (a query set).

        Args:
            depth (int, optional): how many levels of types below; None for all.

        Example:

            >>> sample.type.query_records().one().name
            'sample 1'
        """
        return self._query_members(depth)
