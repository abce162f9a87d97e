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
    return {name: _shaper(session, features.get(name), keep_labels=True)(found) for name, found in values.items()}


def _shaper(session, feature, *, keep_labels=False):
    """What makes the values of one feature on one row into what is shown: with `keep_labels` a list of labels stays one."""
    dtype = (feature._dtype_str or "") if feature is not None else ""
    keeps_list = dtype.startswith("list[") and (keep_labels or not dtype.startswith("list[cat["))
    if dtype == "datetime":
        one = lambda v: v.replace(tzinfo=None) if hasattr(v, "tzinfo") else v  # noqa: E731
    elif dtype in ("float", "num"):
        one = lambda v: float(v) if isinstance(v, int) and not isinstance(v, bool) else v  # noqa: E731
    elif dtype == "cat[Run]":
        runs = _core.Query("Run").on_any_branch()
        one = lambda uid: _core.first(session, runs.where(None, {"uid": uid})).started_at  # noqa: E731
    else:
        one = None

    def shape(found):
        if one is not None:
            found = [one(v) for v in found]
        if keeps_list:
            return list(found)
        if len(found) == 1:
            return found[0]
        try:
            return set(found)
        except TypeError:
            return list(found)

    # A single value stays what it is, or becomes it with its column.
    shape.keeps_one = not keeps_list and (one is None or dtype in ("float", "num"))
    return shape


def _columns(session, hosts, n, features=None):
    """[(feature, values by row)] of `n` rows, None where one has none; of all features that any row has, or of these."""
    found = hosts.feature_values()
    features = _features(session, found) if features is None else features
    for name, feature in features.items():
        values = found.get(name) or [None] * n
        shape = _shaper(session, feature)
        if not shape.keeps_one or tuple in set(map(type, values)):
            values = [None if v is None else shape(v if type(v) is tuple else (v,)) for v in values]
        yield feature, values


def add_columns(frame, rows, hosts, names=None):
    """One column a feature of the hosts, which are the rows of the frame, in the order in which the features were made."""
    features = None
    if names is not None:
        features = _features(rows.db, names)
        unknown = [name for name in names if name not in features]
        if unknown:
            raise InvalidArgument(f"no feature is called {', '.join(unknown)}")
    for feature, values in _columns(rows.db, hosts, len(frame), features):
        frame[feature.name] = _typed(values, frame.index, feature._dtype_str)


def sheet_to_dataframe(sheet, rows):
    """The rows of a sheet, indexed by their ids, in the order of the sheet's schema."""
    import pandas

    session, rows = rows.db, rows.to_list()
    ids = [row.id for row in rows]
    frame = pandas.DataFrame(index=pandas.Index(ids, name="__lamindb_record_id__", dtype="int64"))
    features = None if sheet.schema is None else {feature.name: feature for feature in sheet.schema.members}
    for feature, values in _columns(session, _core.Hosts(session, "Record", ids), len(ids), features):
        frame[feature.name] = _typed(values, frame.index, feature._dtype_str)
    frame["__lamindb_record_uid__"] = [row.uid for row in rows]
    frame["__lamindb_record_name__"] = [row.name for row in rows]
    return frame


def _typed(values, index, dtype):
    """A column in the type that pandas has for a dtype."""
    import pandas

    series = pandas.Series(values, index=index, dtype=object)
    if dtype is None or not {set, list}.isdisjoint(map(type, values)):
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
