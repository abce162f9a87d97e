"""Values of features on artifacts, runs and records: `artifact.features.set_values({...})`."""

from . import _core
from ._record import SQLRecord
from .errors import InvalidArgument, ValidationError


class FeatureManager:
    """What features of a record are, and their values."""

    def __init__(self, sqlrecord):
        self._host = sqlrecord

    def _values(self, given):
        """Names and texts, as the core takes them."""
        if not isinstance(given, dict):
            raise InvalidArgument(f"values of features are a dict of names and values, not a {type(given).__name__}")
        out = {}
        for key, value in given.items():
            if value is None:
                continue
            name = key if isinstance(key, str) else key.name
            several = value if isinstance(value, (list, tuple, set)) or hasattr(value, "model") else [value]
            out[name] = [_plain(v) for v in several]
        return out

    def set_values(self, values, feature_field=None, schema=None):
        """Replaces all values that were set by hand."""
        _core.set_feature_values(self._host, self._values(values), True)

    def add_values(self, values, feature_field=None, schema=None):
        """Adds values."""
        _core.set_feature_values(self._host, self._values(values), False)

    def update_values(self, values, feature_field=None, schema=None):
        """Replaces the values of these features and leaves the others."""
        given = self._values(values)
        present = set(self.get_values())
        gone = [name for name in given if name in present]
        if gone:
            _core.remove_feature_values(self._host, gone)
        _core.set_feature_values(self._host, given, False)

    def remove_values(self, feature=None, *, value=None):
        """Removes the values of features, or all of them."""
        if value is not None:
            raise NotImplementedError("features.remove_values(value=...) is not implemented in lamindb-native yet")
        if feature is None:
            names = list(self.get_values(external_only=True))
        else:
            given = list(feature) if isinstance(feature, (list, tuple, dict)) else [feature]
            names = [f if isinstance(f, str) else f.name for f in given]
        _core.remove_feature_values(self._host, names)

    def get_values(self, external_only=False):
        """{feature: value}; several values of one feature as a set, of a list dtype as a list."""
        return shaped(_core.feature_values(self._host, external_only))

    def __getitem__(self, feature):
        from ._registry import class_of

        values = _core.feature_values(self._host, False)
        if feature not in values:
            raise KeyError(feature)
        registered = class_of("Feature").filter(name=feature).first()
        if registered is None or "cat[" not in (registered._dtype_str or ""):
            return shaped({feature: values[feature]})[feature]
        target = _core.parse_dtype(_core.session_of(self._host), registered._dtype_str)["targets"][0]
        cls = class_of(target["registry"])
        rows = cls.filter(**{f"{target['field'] or cls._name_field}__in": values[feature]})
        return rows.one() if len(values[feature]) == 1 else rows

    @property
    def slots(self):
        """{slot: schema} of what was found in the dataset."""
        links = getattr(self._host, "links_schema", None) or self._host._links_schema
        return {link.slot: link.schema for link in links.all()}

    def describe(self, return_str=False):
        """The values as a tree."""
        lines = [f"{type(self._host).__name__}: {getattr(self._host, self._host._name_field)}"]
        values = self.get_values()
        if values:
            lines.append("└── Features")
            for i, (name, value) in enumerate(values.items()):
                shown = ", ".join(sorted(map(str, value))) if isinstance(value, (set, list)) else value
                lines.append(f"    {'└──' if i + 1 == len(values) else '├──'} {name:<24}{shown}")
        text = "\n".join(lines)
        if return_str:
            return text
        print(text)
        return None

    def __repr__(self):
        return self.describe(return_str=True)

    def __getattr__(self, name):
        from ._missing import class_attribute

        found = None if name.startswith("_") else class_attribute(type(self), name)
        if found is None:
            raise AttributeError(f"FeatureManager has no attribute {name!r}")
        return found


def _plain(value):
    """A label by its uid, anything else as it is."""
    if isinstance(value, SQLRecord):
        if not _core.saved(value):
            raise ValidationError(f"Please save {value!r} before annotation.")
        return value.uid
    return value


def _features(names):
    """{name: feature}, the oldest of several, in the order in which they were made."""
    from ._registry import class_of

    found = {}
    for feature in class_of("Feature").objects.filter(name__in=list(names)).order_by("id"):
        found.setdefault(feature.name, feature)
    return found


def shaped(values):
    """Values as LaminDB gives them: by the dtype one value, a list, or a set of several."""
    features = _features(values)
    return {name: _value(features.get(name), found) for name, found in values.items()}


def _value(feature, found):
    dtype = (feature._dtype_str or "") if feature is not None else ""
    if dtype == "datetime":
        found = [v.replace(tzinfo=None) if hasattr(v, "tzinfo") else v for v in found]
    elif dtype in ("float", "num"):
        found = [float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in found]
    elif dtype == "cat[Run]":
        from ._registry import class_of

        found = [class_of("Run").objects.get(uid=uid).started_at for uid in found]
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

    by_row = [shaped(_core.feature_values(row, False)) for row in rows]
    present = {name for values in by_row for name in values}
    features = _features(present if names is None else names)
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

    rows = rows.to_list()
    ids = [row.id for row in rows]
    frame = pandas.DataFrame(index=pandas.Index(ids, name="__lamindb_record_id__", dtype="int64"))
    by_row = [shaped(_core.feature_values(row, False)) for row in rows]
    if sheet.schema is not None:
        features = {feature.name: feature for feature in sheet.schema.members}
    else:
        features = _features({name for values in by_row for name in values})
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
