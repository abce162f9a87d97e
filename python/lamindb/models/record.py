"""Flexible records: rows of sheets."""

from lamindb import _core
from lamindb._process.logger import logger
from lamindb._records.can_curate import CanCurate
from lamindb._records.lineage import HasLineage
from lamindb._records.record import Both, SQLRecord, check_type
from lamindb._records.registry import Registry
from lamindb._records.traits import HasEmoji, HasParents, HasType, TracksRun, TracksUpdates
from lamindb._surface import former
from lamindb._surface.lazy import later, public

FeatureManager, hold_feature_values, forget_feature_values = later(
    "lamindb._datasets.features", "FeatureManager", "hold_feature_values", "forget_feature_values"
)
note_input = later("lamindb._datasets.inputs", "note_input")
values_of = later("lamindb._records.given", "values_of")
check_rows, export_rows, import_rows, track_sheet_input, records_of, sheet_frame, subset_to_artifact, to_artifact = later(
    "lamindb._records.sheets", "check_rows", "export_rows", "import_rows", "track_sheet_input", "records_of", "sheet_frame",
    "subset_to_artifact", "to_artifact",
)  # fmt: skip


class Record(SQLRecord, HasLineage, HasType, HasEmoji, HasParents, CanCurate, TracksRun, TracksUpdates, registry="Record"):
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
        if kwargs.get("schema") is not None and not kwargs.get("is_type"):
            logger.important("passing schema, treating as type")
            kwargs["is_type"] = True
        self.__dict__["_made"] = True  # its type is checked once all fields are there
        super().__init__(*args, **kwargs)
        if features:
            self.__dict__["_features"] = features
        del self.__dict__["_made"]
        if isinstance(kwargs.get("type"), Record) and not _core.saved(self):
            self._check_row_of(kwargs["type"])

    def __setattr__(self, name, value):
        if name == "type" and isinstance(value, Record) and "_made" not in self.__dict__ and value.id != self.type_id:
            self._check_row_of(value)
        super().__setattr__(name, value)

    def _check_row_of(self, sheet):
        """Refuses a sheet whose required features it has no values of."""
        if not self.is_type and sheet.schema_id is not None:
            _core.check_row(self, sheet, values_of(self.__dict__.get("_features") or {}))

    def _before_save(self):
        hold_feature_values(self)

    def _after_save(self):
        forget_feature_values(self)

    @property
    def features(self):
        """Feature values of this record, a FeatureManager."""
        return FeatureManager(self)

    def _rows_to_dataframe(self, recurse=False, limit=None, features=None, include=None, order_by="id", is_run_input=None,
                           link_individual_inputs=True):  # fmt: skip
        """The rows of a sheet: one column per feature of its schema. On the class, the newest records.

        Args:
            recurse (bool): also rows of sheets below it.
            limit (int, optional): the most rows.
            features (list[str], optional): columns for these features instead of all.
            include (str | list[str], optional): further fields, as in :meth:`Registry.to_dataframe`.
            order_by (str): the order of the rows.
            is_run_input (Run | bool, optional): the run whose inputs they are; otherwise the tracked one, if settings say so.
            link_individual_inputs (bool): note every row as an input, rather than the sheet alone.

        Raises:
            TypeError: the record is not a sheet.

        Example:

            >>> len(sample.type.to_dataframe())
            1
        """
        if not self.is_type:
            raise TypeError(f"{_core.named(self)} is not a type: only a sheet can be shown as a DataFrame")
        return sheet_frame(self, recurse, limit, features, include, order_by, is_run_input, link_individual_inputs)[0]

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

    def check_rows(self, table, *, worksheet=None, update=False):
        """What is wrong in a table that is meant for this sheet, cell by cell; nothing is saved.

        Args:
            table (PathLike | str | pandas.DataFrame): a .csv, .tsv, .parquet or .xlsx file, or a data frame.
            worksheet (str, optional): of a spreadsheet; otherwise its first one.
            update (bool): rows that the sheet already has are not errors.

        Returns:
            pandas.DataFrame: for each error row (-1: the column as a whole), column, place in the file such as "B3", value, rule, why,
            and the nearest candidates.

        Raises:
            InvalidArgument: the record is not a type, or the file has no worksheets.
            ObjectDoesNotExist: there is no such file or worksheet.
            CorruptData: the file is not what its name says.

        Example::

            sheet.check_rows("samples.xlsx")
        """
        return check_rows(self, table, worksheet, update)

    def import_rows(self, table, *, worksheet=None, update=False, valid_rows=False):
        """Saves the rows of a table as records of this sheet: all of them or none.

        Args:
            table (PathLike | str | pandas.DataFrame): a .csv, .tsv, .parquet or .xlsx file, or a data frame.
            worksheet (str, optional): of a spreadsheet; otherwise its first one.
            update (bool): rows that the sheet already has, found by their uid or by the index of the sheet, get the values of the table.
            valid_rows (bool): save the rows without an error, although others have some.

        Returns:
            SQLRecordList: the saved records.

        Raises:
            ValidationError: it lists every cell that does not fit, and what may be meant.
            InvalidArgument: the record is not a type, or the file has no worksheets.

        Example::

            sheet.import_rows("samples.xlsx", worksheet="batch 2")
        """
        return import_rows(self, table, worksheet, update, valid_rows)

    def export_rows(self, path, *, replace=False):
        """Writes the rows of this sheet to a file; see :meth:`to_artifact` for an artifact.

        Args:
            path (PathLike | str): a .csv, .parquet or .xlsx file.
            replace (bool): overwrite an existing file, once the new one is whole.

        Raises:
            InvalidArgument: the record is not a type.
            IntegrityError: the file exists.
            Unsupported: a table cannot be written to such a file.

        Example::

            sheet.export_rows("samples.xlsx")
        """
        export_rows(self, path, replace)

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

    _note_read = staticmethod(note_input)
    _note_input = staticmethod(track_sheet_input)  # for query sets of records, which cannot import it
    _export = staticmethod(subset_to_artifact)

    @property
    def is_page(self):
        """Whether it is a type without a schema, for records of any kind (bool)."""
        return bool(self.is_type and self.schema_id is None)

    @property
    def is_frame(self):
        """Whether it is a sheet: a type with a schema, whose records are rows (bool)."""
        return bool(self.is_type and self.schema_id is not None)

    @property
    def is_data(self):
        """Whether it is a record with values, rather than a type (bool)."""
        return not self.is_type

    @property
    def is_sheet(self):
        """Whether it is a type with a schema (bool); today's name is `is_frame`."""
        former.say("Use is_frame instead of is_sheet, is_sheet will be removed in the future.")
        return self.is_frame

    def query_records(self, depth=None):
        """Records of this type (a query set).

        Args:
            depth (int, optional): how many levels of types below; None for all.

        Example:

            >>> sample.type.query_records().one().name
            'sample 1'
        """
        return self._query_members(depth)


_LINKS = (
    "RecordJson", "RecordRecord", "RecordULabel", "RecordUser", "RecordRun", "RunRecord", "RecordArtifact", "ArtifactRecord",
    "RecordCollection", "CollectionRecord", "RecordTransform", "TransformRecord",
)  # fmt: skip
__getattr__, __dir__ = public(__name__, dict.fromkeys(_LINKS, "lamindb.models"))
