"""Sheets in and out: data frames as records of a type, and records exported as an artifact."""

from .. import _core
from .._process import session as _session
from .._process.classes import class_of
from .saving import SQLRecordList, save

_NAME = "__lamindb_record_name__"
# LaminDB's rows that have the same uid in every instance.
_IMPORTS = {"Record": "W3WdiFRZTvTJajNp", "Schema": "DGZkj4yhGWMJE5fu"}
_EXPORT = "v6KpQx9mRt2B0000"


class RecordBatch:
    """The rows of a data frame as unsaved records."""

    def __init__(self, df, type, name_field):
        self.type = type
        self._df = df
        self._name_field = name_field

    def __len__(self):
        return len(self._df)

    def save(self):
        """Saves all records with their feature values, or none."""
        records = self._records()
        save(records)
        return SQLRecordList(records)

    def _records(self):
        index = self.type.schema.index if self.type.schema is not None else None
        df = self._df
        if index is not None and df.index.name == index.name:
            df = df.reset_index()
        name_field = self._name_field if self._name_field in df.columns else "name"
        # A fully empty column is still passed, so that it does not count as missing.
        empty = [str(name) for name in df.columns if df[name].isna().all()]
        record = class_of("Record")
        made = []
        for row in df.to_dict(orient="records"):
            name = row.pop(name_field, None)
            values = {str(key): value for key, value in row.items() if not _missing(value)}
            one = record(name=None if _missing(name) else name, type=self.type, features=values | dict.fromkeys(empty),
                         _search_names=False)  # fmt: skip
            made.append(one)
        return made


def records_of(df, type, name_field=_NAME):
    """A batch of records; a `type` given by name is a new sheet, whose schema has the columns that are registered features."""
    import pandas

    if not isinstance(df, pandas.DataFrame):
        raise TypeError(f"`df` needs to be a pandas DataFrame, not a {df.__class__.__name__}")
    if isinstance(type, str):
        type = _new_sheet(df, type)
        known = {*type.schema.members.to_list("name"), name_field, "name"}
        df = df[[name for name in df.columns if str(name) in known]]
    return RecordBatch(df, type, name_field)


def _new_sheet(df, name):
    imports = _imports("Record")
    record, schema_class = class_of("Record"), class_of("Schema")
    if record.filter(name=name, is_type=True, type=imports).exists():
        raise ValueError(f"the type {name!r} exists under 'Imports' already: pass it as a Record to add rows to it")
    schema = schema_class.from_dataframe(df, name=name, mute=True)
    if schema is None:
        raise ValueError("no column of the data frame is a registered feature: register features, or pass a Record as type")
    schema.type = _imports("Schema")
    return record(name=name, is_type=True, type=imports, schema=schema.save()).save()


def _imports(registry):
    cls = class_of(registry)
    known = cls.objects.filter(uid=_IMPORTS[registry]).first()
    if known is not None:
        return known
    made = cls(name="Imports", is_type=True)
    made.uid = _IMPORTS[registry]
    return made.save()


def _missing(value):
    import pandas

    return pandas.api.types.is_scalar(value) and pandas.isna(value)


def to_artifact(sheet, key=None, suffix=None, is_run_input=None, link_individual_inputs=True, **kwargs):
    """The rows of a type as a saved artifact, with the run that created it."""
    if not sheet.is_type:
        raise TypeError(f"{sheet!r} is no type: only the records of a type can be exported")
    if key is not None and suffix is not None:
        raise ValueError("pass one of key and suffix, not both")
    frame = sheet.to_dataframe(**kwargs)
    run = is_run_input if isinstance(is_run_input, class_of("Run")) else None if is_run_input is False else _export_run()
    if run is not None:
        rows = sheet.query_records() if kwargs.get("recurse") else class_of("Record").filter(type=sheet)
        run.input_records.add(sheet, *(rows if link_individual_inputs else ()))
    described = "" if sheet.description is None else f": {sheet.description}"
    has_index = sheet.schema is not None and sheet.schema.index is not None
    return class_of("Artifact").from_dataframe(
        frame, key=key or f"lamindb_record_exports/{sheet.name}{suffix or '.csv'}", schema=sheet.schema, run=run or False,
        description=f"Export of record type {sheet.uid}{described}", csv_kwargs={"index": has_index}, space=sheet.space,
    ).save()  # fmt: skip


def _export_run():
    """A separate run, started by the tracked one."""
    session = _session.current()
    options = {"uid": _EXPORT, "key": "__lamindb_record_export__", "kind": "function"}
    current = session.stamp["run"]
    run = class_of("Run")(transform=_core.make_transform(session, options), status="completed",
                          initiated_by_run=class_of("Run").get(current) if current else None)  # fmt: skip
    return run.save()
