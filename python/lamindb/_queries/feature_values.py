"""Values of features as LaminDB shows them, one by one and as columns of data frames."""

from .. import _core
from ..errors import InvalidArgument


def _features(session, names):
    """{name: feature}, the oldest of several, in the order in which they were made."""
    found = {}
    query = _core.Query("Feature").on_any_branch().where(None, {"name__in": list(names)}).ordered(["id"])
    for feature in _core.all(session, query):
        found.setdefault(feature.name, feature)
    return found


def shaped(session, values):
    """Values as LaminDB gives them: by the dtype one value, a list, or a set of several."""
    features = _features(session, values)
    return {name: _value(session, features.get(name), found) for name, found in values.items()}


def _value(session, feature, found):
    dtype = (feature._dtype_str or "") if feature is not None else ""
    if dtype == "datetime":
        found = [v.replace(tzinfo=None) if hasattr(v, "tzinfo") else v for v in found]
    elif dtype in ("float", "num"):
        found = [float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in found]
    elif dtype == "cat[Run]":
        runs = _core.Query("Run").on_any_branch()
        found = [_core.first(session, runs.where(None, {"uid": uid})).started_at for uid in found]
    if dtype.startswith("list[") and not dtype.startswith("list[cat["):
        return found
    if len(found) == 1:
        return found[0]
    try:
        return set(found)
    except TypeError:
        return found


def add_columns(frame, rows, names=None):
    """One column a feature, in the order in which the features were made."""
    import pandas

    by_row = [shaped(rows.db, _core.feature_values(row, False)) for row in rows]
    present = {name for values in by_row for name in values}
    features = _features(rows.db, present if names is None else names)
    if names is not None:
        unknown = [name for name in names if name not in features]
        if unknown:
            raise InvalidArgument(f"no feature is called {', '.join(unknown)}")
    by_id = {row.id: values for row, values in zip(rows, by_row)}
    for name, feature in features.items():
        values = [by_id.get(i, {}).get(name) for i in frame.index]
        frame[name] = _typed(pandas.Series(values, index=frame.index, dtype=object), feature._dtype_str)


def sheet_to_dataframe(sheet, rows):
    """The rows of a sheet, indexed by their ids, in the order of the sheet's schema."""
    import pandas

    session, rows = rows.db, rows.to_list()
    ids = [row.id for row in rows]
    frame = pandas.DataFrame(index=pandas.Index(ids, name="__lamindb_record_id__", dtype="int64"))
    by_row = [shaped(session, _core.feature_values(row, False)) for row in rows]
    if sheet.schema is not None:
        features = {feature.name: feature for feature in sheet.schema.members}
    else:
        features = _features(session, {name for values in by_row for name in values})
    for name, feature in features.items():
        values = pandas.Series([v.get(name) for v in by_row], index=frame.index, dtype=object)
        frame[name] = _typed(values, feature._dtype_str)
    frame["__lamindb_record_uid__"] = [row.uid for row in rows]
    frame["__lamindb_record_name__"] = [row.name for row in rows]
    return frame


def _typed(series, dtype):
    """A column in the type that pandas has for a dtype."""
    import pandas

    several = any(isinstance(v, (set, list)) for v in series)
    if several or dtype is None:
        return series
    if dtype == "int":
        return series.astype("Int64")
    if dtype in ("float", "num"):
        return series.astype("float64")
    if dtype == "bool":
        return series.astype("boolean")
    if dtype == "date":
        return pandas.to_datetime(series).dt.date
    if dtype == "datetime":
        return pandas.to_datetime(series).astype("datetime64[ns]")
    if dtype.startswith("datetime64"):
        return pandas.to_datetime(series, utc=True).astype("datetime64[ns, UTC]")
    if dtype.startswith("cat["):
        return series.astype("category")
    return series
