"""pandas at the boundary: rows as data frames, data frames as the core's frames."""

import warnings

from .. import _core
from .._process.catalog import describe_table
from .._process.logger import logger
from ..errors import ValidationError
from .conditions import field_name
from .feature_values import add_columns, sheet_of, sheet_to_dataframe

_LAST = ("version_tag", "is_latest", "is_locked", "is_type", "created_at")
_KEPT_PRIVATE = ("_dtype_str",)
_LIMIT = 20  # rows shown by default


def shown_columns(model, private=False):
    """Columns of a data frame in LaminDB's order: uid, simple fields, the common ones, then references by id."""
    simple, last, references = [], {}, []
    for column in model._description["columns"]:
        name = column["name"]
        if name == "id" or name == "updated_at":
            continue
        if column["kind"] == "ref":
            references.append(column["column"])
        elif name in _LAST:
            last[name] = column
        elif name.startswith("_") and not private and not (name in _KEPT_PRIVATE and model.__registry__ == "Feature"):
            continue
        else:
            simple.append(name)
    order = ["branch_id", "created_on_id", "space_id"]
    references = [r for r in order if r in references] + [r for r in references if r not in order]
    if "uid" in simple:
        simple.remove("uid")
        simple.insert(0, "uid")
    return simple + [name for name in _LAST if name in last] + references


def queryset_to_dataframe(rows, include=None, features=None, limit=_LIMIT, order_by="-id"):
    """Rows as a data frame, indexed by id."""
    import numpy
    import pandas

    model = rows.model
    include = [] if include is None else [include] if isinstance(include, str) else [field_name(i) for i in include]
    if "features" in include:
        include.remove("features")
        named = features if isinstance(features, (list, tuple)) else None
        is_table = model.__registry__ == "Record" and (features is None or named is not None)
        sheet = sheet_of(rows) if is_table else None
        if sheet is not None:
            return _of_sheet(sheet, rows, include, limit, order_by, named)
        features = True if features is None else features
    elif features is True:
        warnings.warn('`features=True` is deprecated, pass `include="features"` instead.', DeprecationWarning, stacklevel=3)
    if features == "queryset":
        features = True
    if features and model.__registry__ not in ("Artifact", "Record", "Run"):
        raise ValueError(f"features can be shown for Artifact, Record and Run, not for {model.__name__}")
    query = rows._query
    if getattr(rows, "ranked", False):  # an order not based on fields
        order_by, limit = None, None
    if rows._rows is None and query.limit < 0:
        query = _core.listed(rows.db, query)
    if order_by is not None and not query.order and rows._rows is None:
        query = query.ordered([order_by])
    if limit is not None and query.limit < 0 and rows._rows is None:
        n = _core.count(rows.db, query)
        if n > limit:
            logger.warning(f"truncated query result to limit={limit} {model.__name__} objects")
        query = query.sliced(0, limit)
    private = "privates" in include
    base = shown_columns(model, private)
    extra = [i for i in include if i != "privates"]
    if extra or features:
        base = base[:2]
        extra = [i for i in extra if i not in base]
    paths = {path: rows._path(path) for path in extra}
    one = {path: way for path, way in paths.items() if _is_to_one(model, way)}
    ids, *columns = _core.arrays(rows.db, query, ["id", *base, *one.values()])
    index = pandas.Index(_array(*ids), name="id", dtype="int64")
    hosts = _core.Hosts(rows.db, model.__registry__, index.tolist())
    data = {name: _array(*column) for name, column in zip([*base, *one], columns)}
    for path, way in paths.items():
        if path not in one:
            data[path] = numpy.fromiter(hosts.sets(query, way), dtype=object, count=len(index))
    order = [*base[:2], *extra, *base[2:]]
    frame = pandas.DataFrame({name: data[name] for name in order}, index=index, columns=order, copy=False)
    if features:
        names = None if features is True else [features] if isinstance(features, str) else list(features)
        add_columns(frame, rows, hosts, names, len(base))
    return frame.loc[[row.id for row in rows]] if getattr(rows, "ranked", False) else frame


def without_metadata(frame):
    """A data frame of a sheet with the values of its features alone."""
    return frame.drop(columns=[name for name in frame.columns if str(name).startswith("__lamindb_record_")])


def _of_sheet(sheet, rows, include, limit, order_by, names=None):
    """Rows of one sheet with the sheet's columns, then included ones; without a smaller limit, the whole sheet."""
    sorts = not rows.ordered and not rows._query.is_cut and not getattr(rows, "ranked", False)
    if sorts and limit not in (None, _LIMIT):
        rows = rows.order_by("id" if order_by in (None, "-id") else order_by)[:limit]
    frame = sheet_to_dataframe(sheet, rows, names)
    if sorts:
        frame = frame.sort_index()
    rows.model._note_input(sheet, rows)
    if include:
        others = queryset_to_dataframe(rows, include, limit=None)
        for name in include:
            frame[name] = others[name].reindex(frame.index)
    return frame


def _array(kind, values):
    """A column of the core for pandas; values other than numbers, times and bools stay Python objects."""
    import numpy
    import pandas

    if kind == "O":
        return numpy.fromiter(values, dtype=object, count=len(values))
    column = numpy.frombuffer(values, dtype=kind)
    return pandas.DatetimeIndex(column.astype("M8[ns]"), tz="UTC") if kind == "M8[us]" else column


def _is_to_one(model, path):
    table = model._description
    for name in path.split("__"):
        column = next((c for c in table["columns"] if c["name"] == name), None)
        if column is None:
            return all(relation[0] != name or relation[1] == "to_one" for relation in table["relations"])
        if column["kind"] != "ref":
            return True
        table = describe_table(column["to"])
    return True


def _fix(frame, name, model):
    """Columns keep the types of their fields even if all values are null."""
    import pandas

    values = frame[name]
    if name in ("created_at", "started_at", "finished_at", "updated_at"):
        frame[name] = pandas.to_datetime(values, utc=True).astype("datetime64[ns, UTC]")
    elif values.dtype == object or values.isna().all():
        frame[name] = values.astype(object).where(values.notna(), None)


def records_to_dataframe(records):
    """A data frame of records, saved or not, one row each."""
    import pandas

    if not records:
        return pandas.DataFrame()
    names = shown_columns(type(records[0]))
    data = {name: [getattr(record, name) for record in records] for name in names}
    frame = pandas.DataFrame(data, index=pandas.Index([record.id for record in records], name="id"))
    for name in names:
        _fix(frame, name, type(records[0]))
    return frame


# -- data frames for the core -----------------------------------------------------------------------------------------


def to_core(df, index_name=None, loose=False):
    """A pandas DataFrame (or anything that supports Arrow) as a Frame; the index becomes a column with the given name. With `loose`,
    numbers and booleans in columns of objects stay objects."""
    if not hasattr(df, "iloc"):
        return _core.Frame.from_arrow(df)
    if not df.columns.is_unique:
        twice = list(dict.fromkeys(str(name) for name in df.columns[df.columns.duplicated()]))
        raise ValidationError(f"columns that are there more than once cannot be told apart: {twice}: rename or drop all but one of each")
    frame = _core.Frame()
    if index_name is not None:
        _add(frame, index_name, df.index.to_series())
        frame.index = index_name
    for name in df.columns:
        _add(frame, str(name), df[name], loose)
    return frame


def _add(frame, name, series, loose=False):
    """One column, without pyarrow."""
    import numpy

    dtype = series.dtype
    kind = getattr(dtype, "kind", "O")
    if dtype.name == "category":
        categories = series.cat.categories
        if all(isinstance(c, str) for c in categories):
            codes = series.cat.codes.to_numpy(dtype="int32")
            frame.add_categories(name, numpy.ascontiguousarray(codes), list(categories), bool(series.cat.ordered))
            return
        series = series.astype(categories.dtype)
        return _add(frame, name, series)
    if kind == "b" and dtype.name == "bool":
        frame.add_booleans(name, numpy.ascontiguousarray(series.to_numpy(dtype="bool")))
    elif kind in "iu" and not series.isna().any():
        frame.add_integers(name, numpy.ascontiguousarray(series.to_numpy(dtype="int64")))
    elif kind == "f":
        frame.add_reals(name, numpy.ascontiguousarray(series.to_numpy(dtype="float64", na_value=numpy.nan)))
    elif kind == "M":
        zoned = getattr(dtype, "tz", None) is not None
        times = series.dt.tz_convert("UTC").dt.tz_localize(None) if zoned else series
        frame.add_times(name, numpy.ascontiguousarray(times.to_numpy(dtype="datetime64[us]").view("int64")), zoned)
    else:
        frame.add_objects(name, series.astype(object).tolist(), loose and dtype.name == "object")


def from_core(frame):
    """A Frame as a pandas DataFrame."""
    import pandas

    data = {}
    for name in frame.names:
        if frame.kind(name) == "category":
            codes, names, ordered = frame.categories(name)
            data[name] = pandas.Categorical.from_codes(codes, names, ordered=ordered)
        else:
            data[name] = frame.column(name)
    df = pandas.DataFrame(data)
    if frame.index and frame.index in df.columns:
        df = df.set_index(frame.index)
    return df
