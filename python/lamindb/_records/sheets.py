"""Sheets in and out: data frames as records of a type, and records exported as an artifact."""

import os

from .. import _core
from .._process import session as _session
from .._process.classes import class_of
from .._process.logger import logger
from .._process.settings import settings
from .._queries.feature_values import sheet_of, sheet_to_dataframe
from .._queries.frames import to_core
from ..errors import InvalidArgument
from .saving import SQLRecordList

_NAME = "__lamindb_record_name__"


class RecordBatch:
    """The rows of a data frame as unsaved records; `Record.from_dataframe` makes it.

    Args:
        df (pandas.DataFrame): one row per record.
        type (Record): the sheet.
        name_field (str): the column with the names.
    """

    def __init__(self, df, type, name_field):
        self.type = type
        self._df = df
        self._name_field = name_field

    def __len__(self):
        return len(self._df)

    def save(self, using=None):
        """Saves all records with their feature values, or none; returns the records.

        Args:
            using (str, optional): slug of the instance they are saved to, which is that of the sheet.

        Raises:
            InvalidArgument: the sheet is in another instance.

        Example::

            ln.Record.from_dataframe(df, type="Samples").save()
        """
        if not _session.is_here(using):
            raise InvalidArgument(
                f"cannot save these rows to instance {using!r}: their type {self.type.name!r} is in the current one. Pass a type that is there"
            )
        options = {"name_column": self._name_field, "leave_out": False}
        return SQLRecordList(_core.import_rows(self.type, _table(self.type, self._df), "", options)[0])


def records_of(df, type, name_field=_NAME):
    """A batch of records; a `type` given by name is a new sheet, whose schema has the columns that are registered features."""
    import pandas

    if not isinstance(df, pandas.DataFrame):
        raise TypeError(f"`df` needs to be a pandas DataFrame, not a {df.__class__.__name__}")
    if isinstance(type, str):
        type = _core.make_sheet(_session.current(), type, [str(name) for name in df.columns], name_field)
        known = {*type.schema.members.to_list("name"), name_field if name_field in df.columns else "name"}
        df = df[[name for name in df.columns if str(name) in known]]
    if not type.is_type:
        raise ValueError(f"`type` needs to be a record type (`is_type=True`), which {_core.named(type)} is not.")
    if type.name is None:
        raise ValueError("`type` needs to have a non-null `name`.")
    return RecordBatch(df, type, name_field)


def _table(sheet, table):
    """A data frame with its index as a column, where that is the sheet's, or the path of a file."""
    if not hasattr(table, "columns"):
        return os.fspath(table)
    index = sheet.schema.index if sheet.schema is not None else None
    if index is not None and getattr(getattr(table, "index", None), "name", None) == index.name:
        table = table.reset_index()
    return to_core(table)


def _errors(found):
    import pandas

    return pandas.DataFrame(found, columns=["row", "column", "place", "value", "rule", "why", "candidates"])


def check_rows(sheet, table, worksheet=None, update=False):
    """What is wrong in a table, one row per cell."""
    return _errors(_core.check_rows(sheet, _table(sheet, table), worksheet or "", {"update": update}))


def import_rows(sheet, table, worksheet=None, update=False, valid_rows=False):
    """Saves the rows of a table; the errors of those that were left out are noted on the list."""
    options = {"update": update, "valid_rows": valid_rows}
    rows, errors = _core.import_rows(sheet, _table(sheet, table), worksheet or "", options)
    rows = SQLRecordList(rows)
    if errors:
        n = len({error["row"] for error in errors})
        logger.warning(f"left out {n} row{'s' * (n > 1)} with {len(errors)} error{'s' * (len(errors) > 1)}: check_rows() lists them")
    return rows


def export_rows(sheet, path, replace=False):
    """Writes the rows to a file."""
    _core.export_rows(sheet, os.fspath(path), replace)


def track_sheet_input(sheet, rows, is_run_input=None, link_individual_inputs=True):
    """Notes a sheet and these rows as inputs of the tracked run, or of the run that `is_run_input` is."""
    run = is_run_input.id if isinstance(is_run_input, class_of("Run")) else None
    if run is None and (is_run_input is False or not settings.track_run_inputs):
        return None
    if not (run or _core.session_of(sheet).stamp["run"]):
        return None  # the rows need not be read
    inputs = list(rows) if link_individual_inputs else []
    return _core.track_sheet_input(sheet, inputs, run or 0, settings.annotation.n_max_records)


def sheet_frame(sheet, recurse=False, limit=None, features=None, include=None, order_by="id", is_run_input=None,
                link_individual_inputs=True, noted=True):  # fmt: skip
    """The rows of a type as a data frame, and the rows."""
    rows = sheet.query_records() if recurse else class_of("Record").filter(type=sheet)
    rows = rows.order_by(order_by) if limit is None else rows.order_by(order_by)[:limit]
    names = [features] if isinstance(features, str) else features
    frame = sheet_to_dataframe(sheet, rows, None if names is True else names)
    if noted:
        track_sheet_input(sheet, rows, is_run_input, link_individual_inputs)
    fields = [include] if isinstance(include, str) else list(include or ())
    if fields := [name for name in fields if name != "features"]:
        others = rows.to_dataframe(include=fields, limit=None)
        for name in fields:
            frame[name] = others[name].reindex(frame.index)
    return frame, rows


def to_artifact(sheet, key=None, suffix=None, is_run_input=None, link_individual_inputs=True, **kwargs):
    """The rows of a type as a saved artifact, with the run that created it."""
    if not sheet.is_type:
        raise TypeError(f"{_core.named(sheet)} is not a type: only the records of a type can be exported")
    frame, rows = sheet_frame(sheet, noted=False, **kwargs)
    name, description = _core.export_name(sheet, suffix or ".csv")
    return _exported(sheet, frame, rows, key, suffix, name, description, is_run_input, link_individual_inputs)


def subset_to_artifact(rows, key=None, suffix=None, is_run_input=None, link_individual_inputs=True, features=None):
    """Some rows of one type as a saved artifact, with the run that created it."""
    sheet = sheet_of(rows)
    if sheet is None:
        raise ValueError("only records of one type can be exported together: filter them by type")
    frame = sheet_to_dataframe(sheet, rows if rows.ordered else rows.order_by("id"), features)
    name, description = f"record_exports/{sheet.name}_subset{suffix or '.csv'}", f"Export of {sheet.name} subset"
    return _exported(sheet, frame, rows, key, suffix, name, description, is_run_input, link_individual_inputs)


def _exported(sheet, frame, rows, key, suffix, name, description, is_run_input, link_individual_inputs):
    if key is not None and suffix is not None:
        raise ValueError("pass one of key and suffix, not both")
    inputs = list(rows) if link_individual_inputs else []
    run = is_run_input
    if isinstance(run, class_of("Run")):
        run.input_records.add(sheet, *inputs)
    else:
        run = False if run is False else _core.export_run(sheet, inputs)
    has_index = sheet.schema is not None and sheet.schema.index is not None
    return class_of("Artifact").from_dataframe(
        frame, key=key or name, schema=sheet.schema, run=run, description=description,
        csv_kwargs={"index": has_index}, space=sheet.space,
    ).save()  # fmt: skip
