"""Sheets in and out: data frames as records of a type, and records exported as an artifact."""

from .. import _core
from .._process import session as _session
from .._process.classes import class_of
from .._queries.frames import to_core
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

    def save(self):
        """Saves all records with their feature values, or none; returns the records.

        Example::

            ln.Record.from_dataframe(df, type="Samples").save()
        """
        index = self.type.schema.index if self.type.schema is not None else None
        df = self._df
        if index is not None and df.index.name == index.name:
            df = df.reset_index()
        name = self._name_field if self._name_field in df.columns else "name"
        return SQLRecordList(_core.save_rows(self.type, to_core(df), name))


def records_of(df, type, name_field=_NAME):
    """A batch of records; a `type` given by name is a new sheet, whose schema has the columns that are registered features."""
    import pandas

    if not isinstance(df, pandas.DataFrame):
        raise TypeError(f"`df` needs to be a pandas DataFrame, not a {df.__class__.__name__}")
    if isinstance(type, str):
        type = _core.make_sheet(_session.current(), type, [str(name) for name in df.columns])
        known = {*type.schema.members.to_list("name"), name_field, "name"}
        df = df[[name for name in df.columns if str(name) in known]]
    return RecordBatch(df, type, name_field)


def to_artifact(sheet, key=None, suffix=None, is_run_input=None, link_individual_inputs=True, **kwargs):
    """The rows of a type as a saved artifact, with the run that created it."""
    if not sheet.is_type:
        raise TypeError(f"{_core.named(sheet)} is no type: only the records of a type can be exported")
    if key is not None and suffix is not None:
        raise ValueError("pass one of key and suffix, not both")
    frame = sheet.to_dataframe(**kwargs)
    rows = ()
    if link_individual_inputs:
        rows = sheet.query_records() if kwargs.get("recurse") else class_of("Record").filter(type=sheet)
    run = is_run_input
    if isinstance(run, class_of("Run")):
        run.input_records.add(sheet, *rows)
    else:
        run = False if run is False else _core.export_run(sheet, list(rows))
    name, description = _core.export_name(sheet, suffix or ".csv")
    has_index = sheet.schema is not None and sheet.schema.index is not None
    return class_of("Artifact").from_dataframe(
        frame, key=key or name, schema=sheet.schema, run=run, description=description,
        csv_kwargs={"index": has_index}, space=sheet.space,
    ).save()  # fmt: skip
