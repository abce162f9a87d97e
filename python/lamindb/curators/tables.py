"""Tables of a dataset for the core, and the core's answers put into them: one class per kind of object.

Each has `data`, the object as it is now, and
    frame(ask)              the core's table; `ask` tells what is checked in a table with these columns
    replace(columns, {old: new})    values of these columns
    rename(names)                   columns
    rename_rows(names)              the names of the rows
    coerce(column, dtype)           values converted to a dtype of the core
    fill(column, value, added, dtype)   a new column, or missing values
"""

from lamindb import _core
from lamindb._queries.frames import to_core
from lamindb._records.record import SQLRecord

ROWS = "_index"  # the column with the row names in a core frame, if another column has their own name


def renamed(value, names):
    """The value with its new name; of a list each item."""
    if isinstance(value, (list, tuple, set)):
        return type(value)(renamed(item, names) for item in value)
    if hasattr(value, "tolist") and getattr(value, "ndim", 0):
        return [renamed(item, names) for item in value.tolist()]
    return names.get(value, value) if isinstance(value, str) else value


class PandasTable:
    """A DataFrame, changed in place.

    Args:
        data (pandas.DataFrame): the table.
        has_index (bool): its row names are checked.
        set_rows (Callable, optional): sets the names of the rows where the table belongs to another object.

    Example::

        PandasTable(df, has_index=False).frame(None)
    """

    def __init__(self, data, has_index, set_rows=None):
        self.data = data
        self._has_index = has_index
        self._set_rows = set_rows

    def frame(self, ask):
        index = None
        if self._has_index:
            index = str(self.data.index.name)
            index = ROWS if index in self.data.columns else index
        return to_core(self.data, index, loose=True)

    def replace(self, columns, names):
        for column in columns:
            if column not in self.data.columns:
                continue
            series = self.data[column]
            if series.dtype.name != "category":
                self.data[column] = series.map(lambda value: renamed(value, names))
            elif set(names) & set(series.cat.categories):
                now = [names.get(c, c) for c in series.cat.categories]
                distinct = len(set(now)) == len(now)
                self.data[column] = series.cat.rename_categories(now) if distinct else series.astype(object).map(
                    lambda value: names.get(value, value)).astype("category")  # fmt: skip

    def rename(self, names):
        self.data.rename(columns=names, inplace=True)

    def rename_rows(self, names):
        rows = [names.get(name, name) for name in self.data.index]
        if self._set_rows is None:
            self.data.index = type(self.data.index)(rows, name=self.data.index.name)
        else:
            self._set_rows(rows)

    def coerce(self, column, dtype):
        if column in self.data.columns:  # what the caller passed stays as it is; what is saved has the schema's types
            self.data = self.data.assign(**{column: _coerced(self.data[column], dtype)})

    def fill(self, column, value, added, dtype):
        import pandas

        if added:
            filled = pandas.Series(pandas.NA if value is None else value, index=self.data.index)
            self.data[column] = filled.astype("category") if dtype.startswith("cat") else filled
            return
        held = self.data[column]
        if held.dtype.name == "category" and value not in held.cat.categories:
            held = held.cat.add_categories([value])
        self.data[column] = held.fillna(value)


def _coerced(series, dtype):
    """A column as pandas holds a dtype."""
    import pandas

    if dtype in ("int", "float"):
        numbers = pandas.to_numeric(series)
        return numbers.astype("float64" if dtype == "float" else "Int64" if numbers.isna().any() else "int64")
    if dtype == "cat":
        return series.astype("category")
    if dtype == "date":
        return pandas.to_datetime(series).dt.date
    return pandas.to_datetime(series, utc="UTC" in dtype) if dtype.startswith("datetime") else series


class DictTable:
    """A dictionary as a table of one row.

    Args:
        data (dict): the values.
        index (Feature, optional): the feature that names the row.

    Example::

        DictTable({"temperature": 21.6}).frame(ask)
    """

    def __init__(self, data, index=None):
        self.data = data
        self._index = None if index is None else index.name

    def frame(self, ask):
        # Dictionaries of datasets hold arrays of any size: only what is checked is looked at.
        dtypes = {column: dtype for column, dtype, *_ in ask(self._frame({}))}
        return self._frame(dtypes)

    def _frame(self, dtypes):
        frame = _core.Frame()
        for key, value in self.data.items():
            name = str(key)
            frame.add_objects(name, [_value(value, dtypes[name]) if name in dtypes else None])
        if self._index in self.data:
            frame.index = self._index
        return frame

    def replace(self, columns, names):
        for column in columns:
            if column in self.data:
                self.data[column] = renamed(self.data[column], names)

    def rename(self, names):
        for old, new in names.items():
            self.data[new] = self.data.pop(old)

    def coerce(self, column, dtype):
        """A dictionary keeps its values: what is compared is converted."""

    def fill(self, column, value, added, dtype):
        self.data[column] = value


def _value(value, dtype):
    """A record by the field that the dtype looks up."""
    if isinstance(value, SQLRecord):
        field = dtype.rstrip("]").rpartition(".")[2]
        return getattr(value, field if field in type(value)._names else type(value)._name_field)
    if not isinstance(value, (str, dict)) and hasattr(value, "__iter__"):
        items = list(value)
        if any(isinstance(item, SQLRecord) for item in items):
            return [_value(item, dtype) for item in items]
    return value


class ArrowTable:
    """A table of pyarrow: a new one is made with the columns that the core changed.

    Args:
        data (pyarrow.Table): the table.

    Example::

        ArrowTable(table).frame(None)
    """

    def __init__(self, data):
        self.data = data

    def frame(self, ask):
        return to_core(self.data)

    def replace(self, columns, names):
        import pyarrow

        for column in columns:
            held = self.data.column(column)
            values = pyarrow.array([renamed(value, names) for value in held.to_pylist()])
            kind = held.type.value_type if pyarrow.types.is_dictionary(held.type) else held.type
            self._set(column, values.cast(kind).dictionary_encode() if pyarrow.types.is_dictionary(held.type) else values.cast(kind))

    def rename(self, names):
        self.data = self.data.rename_columns([names.get(name, name) for name in self.data.column_names])

    def coerce(self, column, dtype):
        if dtype != "cat":
            self._set(column, self.data.column(column).combine_chunks().cast(_arrow_type(dtype)))

    def fill(self, column, value, added, dtype):
        import pyarrow

        if added:
            kind = _arrow_type("str" if dtype.startswith("cat") else dtype)
            self.data = self.data.append_column(column, pyarrow.repeat(pyarrow.scalar(value, kind), len(self.data)))
        else:
            self._set(column, self.data.column(column).fill_null(value))

    def _set(self, column, values):
        self.data = self.data.set_column(self.data.column_names.index(column), column, values)


def _arrow_type(dtype):
    import pyarrow

    return {
        "int": pyarrow.int64(), "float": pyarrow.float64(), "num": pyarrow.float64(), "bool": pyarrow.bool_(), "date": pyarrow.date32(),
        "datetime": pyarrow.timestamp("us"), "datetime64[ns, UTC]": pyarrow.timestamp("ns", "UTC"),
    }.get(dtype, pyarrow.string())  # fmt: skip
