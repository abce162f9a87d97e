"""Feature values as LaminDB shows them, one by one and as columns of data frames."""

from .. import _core
from ..errors import InvalidArgument

_NAN = float("nan")


def _features(session, names):
    """{name: feature}, in the order of creation; of several with one name, that of labels, otherwise the oldest."""
    found = {}
    query = _core.Query("Feature").on_any_branch().where(None, {"name__in": list(names)}).ordered(["id"])
    for feature in _core.all(session, query):
        if feature.name not in found or (_holds_labels(feature) and not _holds_labels(found[feature.name])):
            found[feature.name] = feature
    return found


def _holds_labels(feature):
    return "cat[" in (feature._dtype_str or "")


def shaped(session, values):
    """Values as LaminDB returns them: depending on the dtype one value, a list, or a set; labels first, each group by name."""
    features = _features(session, values)

    def holds_labels(name):
        return name in features and _holds_labels(features[name])

    names = sorted(values, key=lambda name: (not holds_labels(name), name))
    return {name: _shaper(session, features.get(name))(values[name]) for name in names}


def _shaper(session, feature, in_column=False):
    """Returns a function that turns the values of one feature on one row into what is shown; a column has no time zones by row."""
    dtype = (feature._dtype_str or "") if feature is not None else ""
    keeps_list = dtype.startswith("list[")
    if dtype == "datetime" and in_column:
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
        if not found:  # what each row of a sheet has, without a value
            return {} if dtype == "dict" else None
        if len(found) == 1:
            return found[0]
        try:
            return set(found)
        except TypeError:
            return list(found)

    # A single value is kept as it is, or converted along with its column.
    shape.keeps_one = not keeps_list and (one is None or dtype in ("float", "num"))
    return shape


def _columns(session, hosts, n, features=None):
    """[(feature, values by row)] of `n` rows, None for missing ones; for these features, or all that any row has."""
    found = hosts.feature_values()
    features = _features(session, found) if features is None else features
    for name, feature in features.items():
        values = found.get(name) or [None] * n
        shape = _shaper(session, feature, in_column=True)
        if not shape.keeps_one or tuple in set(map(type, values)):
            values = [None if v is None else shape(v if type(v) is tuple else (v,)) for v in values]
        yield feature, values


def add_columns(frame, rows, hosts, names=None, at=None):
    """Adds one column per feature of the hosts (the rows of the frame), in the order the features were created; at a position, or at
    the end. A column, or the index, that a feature has the name of gets another name."""
    at = len(frame.columns) if at is None else at
    features = None
    if names is not None:
        features = _features(rows.db, names)
        unknown = [name for name in names if name not in features]
        if unknown:
            raise InvalidArgument(f"no feature is called {', '.join(unknown)}")
        query = _core.Query("Feature").on_any_branch().where(None, {"name__in": list(features)})
        if _core.count(rows.db, query) > len(features):
            raise ValueError(f"Ambiguous feature names passed: several features are called like one of {', '.join(features)}")
    for feature, values in _columns(rows.db, hosts, len(frame), features):
        field = f"__lamindb_{rows.model.__name__.lower()}_{feature.name}__"
        if feature.name in frame.columns:
            frame.rename(columns={feature.name: field}, inplace=True)
        if feature.name == frame.index.name:
            frame.index.name = field
        frame.insert(at, feature.name, _typed(values, frame.index, feature._dtype_str))
        at += 1


def sheet_of(rows):
    """The type that all these records share, None if there is none."""
    types = rows.values_list("type_id", flat=True)
    types = set(types if rows._query.is_cut else types.order_by().distinct())
    only = types.pop() if len(types) == 1 else None
    return None if only is None else _core.find(rows.db, "Record", only)


def sheet_to_dataframe(sheet, rows, names=None):
    """The rows of a sheet, indexed by id, with columns in the order of the sheet's schema, or for these features."""
    import pandas

    session, rows = rows.db, rows.to_list()
    ids = [row.id for row in rows]
    frame = pandas.DataFrame(index=pandas.Index(ids, name="__lamindb_record_id__", dtype="int64"))
    features = None if sheet.schema is None else {feature.name: feature for feature in sheet.schema.members}
    index = None if sheet.schema is None else sheet.schema.index
    if names is not None:
        own = features or {}
        found = {**_features(session, [name for name in names if name not in own]), **own}
        if unknown := [name for name in names if name not in found]:
            raise InvalidArgument(f"no feature is called {', '.join(unknown)}")
        features = {name: found[name] for name in names}
    if index is not None:
        features.pop(index.name, None)
    for feature, values in _columns(session, _core.Hosts(session, "Record", ids), len(ids), features):
        frame[feature.name] = _typed(values, frame.index, feature._dtype_str)
    if index is not None:
        frame.index = pandas.Index([row.name for row in rows], name=index.name)
        return frame.sort_index()
    for name in ("uid", "name"):
        frame[f"__lamindb_record_{name}__"] = pandas.Series([getattr(row, name) for row in rows], index=frame.index, dtype=object)
    return frame


def _typed(values, index, dtype):
    """A column in the pandas type for a dtype; missing values are NaN."""
    import pandas

    n_missing = values.count(None)
    empty = n_missing == len(values)
    as_they_are = dtype is None or not {set, list}.isdisjoint(map(type, values))
    kind = "" if as_they_are else _pandas_dtype("cat" if dtype.startswith("cat[") else dtype)
    if n_missing and kind in ("", "date", "string"):  # the others know by themselves what is missing
        values = [_NAN if value is None else value for value in values]
    series = pandas.Series(values, index=index, dtype=object)
    if kind == "Int64":
        return series.astype("Int64" if n_missing else "int64")
    if kind in ("float64", "boolean", "category") or (kind == "string" and empty):
        try:
            return series.astype(kind)
        except (TypeError, ValueError):  # stored by a program that does not check
            return series
    if kind == "date" and not empty:
        return pandas.to_datetime(series).dt.date
    if kind.startswith("datetime64"):
        return pandas.to_datetime(series, utc="UTC" in kind).astype(kind)
    return series


def _pandas_dtype(dtype):
    return next((pandas for name, _, pandas in _core.dtypes() if name == dtype), "")
