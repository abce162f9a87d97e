"""Features: what a column means."""

import importlib

from lamindb import _core
from lamindb._process.classes import class_of
from lamindb._queries.conditions import Q
from lamindb._records.can_curate import CanCurate
from lamindb._records.record import SQLRecord, check_type
from lamindb._records.registry import Registry
from lamindb._records.saving import SQLRecordList
from lamindb._records.traits import HasEmoji, HasSynonyms, HasType, TracksRun, TracksUpdates
from lamindb._surface import former
from lamindb.errors import IntegrityError, InvalidArgument, ValidationError


def dtype_text(dtype, filters=None):
    """A dtype in stored form: "int", "cat[bionty.CellType.ontology_id]", "list[float]"."""
    if isinstance(dtype, str):
        return former.dtype(dtype)
    if isinstance(dtype, Registry):
        return f"cat[{_target(dtype, None, filters)}]"
    if isinstance(dtype, _core.FieldAttr):
        return f"cat[{_target(dtype.model, dtype.name, filters)}]"
    if isinstance(dtype, SQLRecord):
        if not _core.saved(dtype) or not getattr(dtype, "is_type", False):
            raise InvalidArgument(f"{_core.named(dtype)} cannot be a dtype: it must be saved and have is_type=True")
        inner = ", ".join([dtype.uid, *_filter_texts(filters)])
        return f"cat[{dtype.__registry__}[{inner}]]"
    if isinstance(dtype, (list, tuple)):
        return f"cat[{'|'.join(dtype_text(one)[4:-1] for one in dtype)}]"
    if getattr(dtype, "__origin__", None) is list:
        return f"list[{dtype_text(dtype.__args__[0])}]"
    return _named_dtype(dtype)


def _target(cls, field, filters):
    name = cls.__registry__
    if field is not None and field != cls._name_field:
        name += f".{field}"
    texts = _filter_texts(filters)
    return f"{name}[{', '.join(texts)}]" if texts else name


def _filter_texts(filters):
    texts = []
    for key, value in (filters or {}).items():
        if isinstance(value, SQLRecord):
            key, value = f"{key}__uid", value.uid
        text = str(value)
        texts.append(f'{key}="{text}"' if "," in text else f"{key}={text}")
    return texts


def _named_dtype(dtype):
    """The dtype of a type of Python, numpy or pandas."""
    name = getattr(dtype, "__name__", None) or str(getattr(dtype, "name", dtype))
    found = _core.dtype_called(name)
    if found is None:
        simple = {name for name, *_ in _core.dtypes() if name != "cat"}
        raise ValueError(f"dtype is {dtype!r} but has to be one of {simple}!")
    return "cat[ULabel]" if found == "cat" else found


class FeaturePredicate(Q):
    """A comparison of a feature: a condition for `filter`, which combines like any other.

    Args:
        feature (Feature): the feature.
        op (str): "", "ne", "lt", "lte", "gt", "gte" or "isnull".
        value: what it is compared with.
    """

    of_feature = True

    def __init__(self, feature, op, value):
        super().__init__(**{f"{feature.uid}__{op}" if op else feature.uid: value})
        self._shown = f"FeaturePredicate({feature.name} {op or 'eq'} {value!r})"

    def __bool__(self):
        raise TypeError("a comparison of a feature is a condition for filter(), neither true nor false")

    def __repr__(self):
        return self._shown


class FeatureOrder:
    """A feature to order by, greatest first: `order_by(-feature)`.

    Args:
        feature (Feature): the feature.
    """

    def __init__(self, feature):
        self.name = f"-{feature.uid}"

    def __bool__(self):
        raise TypeError("an order is for order_by(), neither true nor false")


class Feature(SQLRecord, HasType, HasEmoji, CanCurate, HasSynonyms, TracksRun, TracksUpdates, registry="Feature"):
    """A dimension of measurement: a name, and the type of the values it takes.

    Args:
        dtype (str | type | Registry | field | list): `int`, `"cat[bionty.CellType]"`, `bt.CellType`, `list[float]`, a type.
        cat_filters (dict, optional): conditions for the labels: `{"source": source}`.
        values_through (object, optional): not implemented yet: raises NotImplementedError.

    Raises:
        ValueError: the dtype is unknown; it lists the known ones.
        FieldValidationError: a keyword is not a field.

    Example:

        >>> ln.Feature(name="percent_mito", dtype=float, unit="percent").save().dtype_as_str
        'float'
    """

    _init_names = (
        "name", "dtype", "type", "is_type", "unit", "description", "synonyms", "nullable", "default_value", "coerce",
        "cat_filters", "values_through", "branch", "space",
    )  # fmt: skip
    _aliases = {"dtype": "_dtype_str", "dtype_as_str": "_dtype_str"}
    _positional_message = "Only keyword args allowed"

    def __init__(self, *args, **kwargs):
        if args:
            raise ValueError(self._positional_message)
        if isinstance(kwargs.get("type"), str) and kwargs.get("dtype") is None:
            former.warn("type=", "dtype=")
            kwargs["dtype"] = kwargs.pop("type")
        check_type(Feature, kwargs.get("type"))
        self._check_names(kwargs)
        dtype = kwargs.pop("dtype", None)
        if kwargs.pop("values_through", None) is not None:
            raise NotImplementedError("Feature(values_through=...) is not implemented in lamindb-native yet")
        filters = kwargs.pop("cat_filters", None)
        if dtype is not None:
            kwargs["_dtype_str"] = dtype_text(dtype, filters)
        if kwargs.get("default_value", 0) is None:
            del kwargs["default_value"]
        super().__init__(**kwargs)

    def _check_names(self, kwargs):
        super()._check_names({k: v for k, v in kwargs.items() if k != "_dtype_str"})

    @property
    def dtype(self):
        """The dtype as text (str); today's name is `dtype_as_str`."""
        return self._dtype_str

    @property
    def dtype_as_str(self):
        """The dtype as text: "int", "cat[bionty.CellType]", "list[float]" (str)."""
        return self._dtype_str

    @property
    def dtype_as_object(self):
        """The dtype as a Python type, a registry or a field."""
        parsed = _core.parse_dtype(_core.session_of(self), self._dtype_str)
        if parsed["base"] == "cat":
            targets = [_target_object(target) for target in parsed["targets"]]
            found = targets[0] if len(targets) == 1 else targets
        else:
            name = next(python for name, python, _ in _core.dtypes() if name == parsed["base"])
            module, _, name = name.rpartition(".")
            found = getattr(importlib.import_module(module or "builtins"), name) if name else None
        return list[found] if parsed["list"] else found

    # A comparison with a value is a condition for a query: Artifact.filter(feature > 1).

    def _compares(self, other):
        """Whether this compares a value, rather than testing whether both are the same row."""
        return not isinstance(other, Feature) and _core.saved(self)

    def __eq__(self, other):
        if not self._compares(other):
            return super().__eq__(other)
        return FeaturePredicate(self, "", other)

    def __ne__(self, other):
        if not self._compares(other):
            return not super().__eq__(other)
        return FeaturePredicate(self, "ne", other)

    def __lt__(self, other):
        return FeaturePredicate(self, "lt", other)

    def __le__(self, other):
        return FeaturePredicate(self, "lte", other)

    def __gt__(self, other):
        return FeaturePredicate(self, "gt", other)

    def __ge__(self, other):
        return FeaturePredicate(self, "gte", other)

    __hash__ = SQLRecord.__hash__

    def __neg__(self):
        return FeatureOrder(self)

    def is_null(self, value=True):
        """A condition: the feature has no value, or with False, has one.

        Args:
            value (bool): whether it has none.

        Example:

            >>> feature = ln.Feature.get(name="n_genes")
            >>> ln.Artifact.filter(feature.is_null(), key="blood/cells.parquet").count()
            1
        """
        return FeaturePredicate(self, "isnull", value)

    def with_config(self, optional=None):
        """The feature with options for a schema.

        Args:
            optional (bool, optional): the dataset may lack it.

        Returns:
            tuple[Feature, dict]: what `Schema(features=[...])` takes.

        Example:

            >>> feature = ln.Feature.get(name="n_genes")
            >>> feature.with_config(optional=True)[1]
            {'optional': True}
        """
        return self, ({"optional": True} if optional else {})

    def query_features(self, depth=None):
        """Features of this type (a query set).

        Args:
            depth (int, optional): how many levels of types below; None for all.

        Example:

            >>> ln.Feature(name="Clinical", is_type=True).save().query_features().count()
            0
        """
        return self._query_members(depth)

    @classmethod
    def from_dataframe(cls, df, field=None, mute=False):
        """One unsaved feature per column.

        Args:
            df (pandas.DataFrame): columns with names and types.
            field (str, optional): accepted for code of LaminDB.
            mute (bool): accepted for code of LaminDB.

        Returns:
            SQLRecordList: the features; `.save()` saves them.

        Example:

            >>> [feature.dtype_as_str for feature in ln.Feature.from_dataframe(df[["n_genes"]])]
            ['int']
        """
        return SQLRecordList([cls(name=str(name), dtype=_named_dtype(df[name].dtype)) for name in df.columns])

    @classmethod
    def from_dict(cls, dictionary, field=None, *, type=None, mute=False):
        """One unsaved feature per key.

        Args:
            dictionary (dict): names, and a value each.
            field (optional): a field of Feature; accepted for code of LaminDB.
            type (Feature, optional): a feature type that groups them.
            mute (bool): accepted for code of LaminDB.

        Returns:
            SQLRecordList: the features; `.save()` saves them.

        Example:

            >>> [feature.dtype_as_str for feature in ln.Feature.from_dict({"threads": 4})]
            ['int']
        """
        if field is not None and getattr(field, "model", None) is not cls:
            raise ValueError(f"field must be a Feature FieldAttr, not {field!r}")
        group = {} if type is None else {"type": type}
        return SQLRecordList([cls(name=name, dtype=_dtype_of_value(value), **group) for name, value in dictionary.items()])


def _target_object(target):
    """A field of a registry, or the type that labels must have."""
    cls = class_of(target["registry"])
    if target["type_uid"]:
        return cls.objects.get(uid=target["type_uid"])
    return getattr(cls, target["field"] or cls._name_field)


def _dtype_of_value(value):
    """The dtype inferred from a Python value."""
    if isinstance(value, (list, tuple)):
        return f"list[{_dtype_of_value(value[0]) if value else 'str'}]"
    if isinstance(value, SQLRecord):
        return f"cat[{value.__registry__}]"
    return dtype_text(type(value))
