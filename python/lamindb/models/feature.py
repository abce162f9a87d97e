"""Features: what a column means."""

import importlib
from contextlib import nullcontext

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb._queries.conditions import Q
from lamindb._records.can_curate import CanCurate
from lamindb._records.record import BaseSQLRecord, SQLRecord, check_type
from lamindb._records.registry import Registry
from lamindb._records.saving import SQLRecordList
from lamindb._records.traits import HasEmoji, HasSynonyms, HasType, TracksRun, TracksUpdates
from lamindb._surface import former
from lamindb.errors import InvalidArgument, UnmetCondition, ValidationError
from lamindb.models.feature_dtypes import dtype_of
from lamindb.models.feature_dtypes import parse_dtype as parse_dtype


def dtype_text(dtype):
    """A dtype in stored form: "int", "cat[bionty.CellType.ontology_id]", "list[float]"."""
    if isinstance(dtype, str):
        return former.dtype(dtype)
    if isinstance(dtype, Registry):
        return f"cat[{dtype.__registry__}]"
    if isinstance(dtype, _core.FieldAttr):
        field = "" if dtype.name == dtype.model._name_field else f".{dtype.name}"
        return f"cat[{dtype.model.__registry__}{field}]"
    if isinstance(dtype, SQLRecord):
        return f"cat[{_type_of_labels(dtype)}]"
    if isinstance(dtype, (list, tuple)):
        if len(dtype) > 1 and any(isinstance(one, SQLRecord) for one in dtype):
            raise InvalidArgument(
                "Cannot create a union dtype that includes a `Record` or `ULabel` subtype: registries and fields can be joined; "
                "to restrict labels to one type, pass it alone, e.g. dtype=record_type"
            )
        return f"cat[{'|'.join(dtype_text(one)[4:-1] for one in dtype)}]"
    if getattr(dtype, "__origin__", None) is list:
        return f"list[{dtype_text(dtype.__args__[0])}]"
    return _named_dtype(dtype)


def _type_of_labels(record):
    if not _core.saved(record):
        raise InvalidArgument(f"Cannot serialize unsaved objects. Save {record} via `.save()`.")
    if not getattr(record, "is_type", False):
        name = type(record).__name__
        raise InvalidArgument(
            f"Cannot serialize non-type {name} {getattr(record, 'name', record.uid)!r}. Only types (is_type=True) are allowed in dtypes."
        )
    return f"{record.__registry__}[{record.uid}]"


def _conditions(filters):
    """Conditions on labels in the core's form; a record stands for its uid, or for the field that the key names."""
    out = []
    for key, value in filters.items():
        if isinstance(value, BaseSQLRecord):
            _, _, field = key.partition("__")
            if field and field not in type(value)._names:
                raise ValidationError(f"SQLRecord {type(value).__name__} has no attribute {field!r} in filter {key}")
            key, value = (key, getattr(value, field)) if field else (f"{key}__uid", value.uid)
        out.append((key, None if isinstance(value, (list, tuple, set, dict)) and not value else value))
    return out


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
        comparator (str): "", "__ne", "__lt", "__lte", "__gt", "__gte" or "__isnull".
        value: what it is compared with.
    """

    of_feature = True

    def __init__(self, feature, comparator, value):
        super().__init__(**{f"{feature.uid or feature.name}{comparator}": value})
        self.feature, self.comparator, self.value = feature, comparator, value

    def __bool__(self):
        raise TypeError("Feature predicates cannot be used as booleans. Pass them into `.filter(...)`.")

    def __repr__(self):
        return f"FeaturePredicate({self.feature.name} {self.comparator.strip('_') or 'eq'} {self.value!r})"


class FeatureOrder:
    """A feature to order by, greatest first: `order_by(-feature)`.

    Args:
        feature (Feature): the feature.
    """

    def __init__(self, feature):
        self.name = f"-{feature.uid}"

    def __bool__(self):
        raise TypeError("Feature order expressions cannot be used as booleans. Pass them into `.order_by(...)`.")


def _by_dtype(text):
    """A query by the former name of `dtype_as_str`."""
    former.say("Querying Feature by `dtype` is deprecated, use `dtype_as_str`. Notice the new dtype encoding format.")
    return "_dtype_str", text


class Feature(SQLRecord, HasType, HasEmoji, CanCurate, HasSynonyms, TracksRun, TracksUpdates, registry="Feature"):
    """A dimension of measurement: a name, and the type of the values it takes.

    Args:
        dtype (str | type | Registry | field | list): `int`, `"cat[bionty.CellType]"`, `bt.CellType`, `list[float]`, a type.
        cat_filters (dict, optional): conditions for the labels: `{"source": source}`.
        values_through (Feature | str, optional): where the values of records are instead: the field of a record, such as
            "description"; or a feature of other records, whose value the record is.

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
    _aliases = {"dtype": _by_dtype, "dtype_as_str": "_dtype_str"}
    _positional_message = "Only keyword args allowed"

    def __init__(self, *args, **kwargs):
        if args:
            raise ValueError(self._positional_message)
        if isinstance(kwargs.get("type"), str) and kwargs.get("dtype") is None:
            former.warn("type=", "dtype=")
            kwargs["dtype"] = kwargs.pop("type")
        check_type(Feature, kwargs.get("type"))
        if "coerce_dtype" in kwargs:
            former.say("`coerce_dtype` argument was renamed to `coerce` and will be removed in a future release.")
            kwargs["coerce"] = kwargs.pop("coerce_dtype")
        self._check_names(kwargs)
        dtype = kwargs.pop("dtype", None)
        through = kwargs.pop("values_through", None)
        filters = kwargs.pop("cat_filters", None)
        if isinstance(dtype, str) and "cat[" in dtype:
            logger.warning(f"rather than passing a string {dtype!r} to dtype, consider passing a Python object")
        if dtype is not None:
            kwargs["_dtype_str"] = dtype_text(dtype)
            if filters:
                session = _session.current()
                kwargs["_dtype_str"] = _core.restricted_dtype(session, kwargs["_dtype_str"], _conditions(filters))
        if kwargs.get("default_value", 0) is None:
            del kwargs["default_value"]
        super().__init__(**kwargs)
        if through is not None:
            self.values_through = through

    def _check_names(self, kwargs):
        super()._check_names({k: v for k, v in kwargs.items() if k != "_dtype_str"})

    @property
    def dtype(self):
        """The dtype as text (str), with the names of types; today's name is `dtype_as_str`."""
        former.say("Use dtype_as_str instead of dtype, dtype will be removed in the future.")
        if self._dtype_str is None or "[" not in self._dtype_str:
            return self._dtype_str
        text = self._dtype_str
        for target in _core.parse_dtype(_core.session_of(self), text)["targets"]:
            if target["type_uid"]:
                named = class_of(target["registry"]).objects.get(uid=target["type_uid"])
                nested = named.name
                for above in named.query_types():
                    nested = f"{above.name}[{nested}]"
                text = text.replace(target["type_uid"], nested)
        return text

    @property
    def coerce_dtype(self):
        """Whether values may be converted (bool); today's name is `coerce`."""
        former.say("Use coerce instead of coerce_dtype, coerce_dtype will be removed in the future.")
        return self.coerce

    @coerce_dtype.setter
    def coerce_dtype(self, value):
        self.coerce = value

    @property
    def values_through(self):
        """Where the values of records are, if not with the feature (Feature or str): the field of a record, or the feature whose
        value the record is. Assigning one, or None, takes effect with the next save.
        """
        field, source = _core.values_through(self)
        return field or (class_of("Feature").objects.get(uid=source) if source else None)

    @values_through.setter
    def values_through(self, value):
        if isinstance(value, Feature):
            if not _core.saved(value):
                raise UnmetCondition("Feature(..., values_through=...) requires a saved Feature object")
            _core.set_values_through(self, "", value.uid)
        elif value is None or isinstance(value, str):
            _core.set_values_through(self, value or "", "")
        else:
            raise TypeError(f"Feature.values_through expects a Feature, SQLRecordFieldName, or None, not {value!r}")

    @property
    def related_feature(self):
        """The other feature of a pair made by `values_through` (Feature); None without one."""
        return _core.related_feature(self)

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

    # A comparison with a value is a condition for a query: Artifact.filter(feature > 1). With a row it is one if such rows
    # are values of the feature; otherwise it tests whether both are the same row.

    def _compares(self, other):
        if isinstance(other, Feature):
            return False
        return not isinstance(other, BaseSQLRecord) or f"[{other.__registry__}" in (self._dtype_str or "")

    def __eq__(self, other):
        return FeaturePredicate(self, "", other) if self._compares(other) else super().__eq__(other)

    def __ne__(self, other):
        return FeaturePredicate(self, "__ne", other) if self._compares(other) else not super().__eq__(other)

    def __lt__(self, other):
        return FeaturePredicate(self, "__lt", other)

    def __le__(self, other):
        return FeaturePredicate(self, "__lte", other)

    def __gt__(self, other):
        return FeaturePredicate(self, "__gt", other)

    def __ge__(self, other):
        return FeaturePredicate(self, "__gte", other)

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
        if not isinstance(value, bool):
            raise TypeError(f"Feature.is_null() expects a bool value, not {value!r}")
        return FeaturePredicate(self, "__isnull", value)

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
    def from_dataframe(cls, df, field=None, *, mute=False):
        """One unsaved feature per column.

        Args:
            df (pandas.DataFrame): columns with names and types.
            field (FieldAttr, optional): the field that the columns name: `ln.Feature.name`, which is the only one.
            mute (bool): print nothing about features with the same or similar names.

        Returns:
            SQLRecordList: the features; `.save()` saves them.

        Raises:
            ValueError: the field is another one.

        Example:

            >>> [feature.dtype_as_str for feature in ln.Feature.from_dataframe(df[["n_genes"]])]
            ['int']
        """
        return cls._made({str(name): _named_dtype(df[name].dtype) for name in df.columns}, field, mute)

    @classmethod
    def from_dict(cls, dictionary, field=None, *, type=None, mute=False):
        """One unsaved feature per key.

        Arguments and errors as in :meth:`Feature.from_dataframe`.

        Args:
            dictionary (dict): names, and a value each; a text that is a date or time is one.
            type (Feature, optional): a feature type that groups them.

        Returns:
            SQLRecordList: the features; `.save()` saves them.

        Raises:
            ValidationError: a value is None, or the items of a list differ.

        Example:

            >>> [feature.dtype_as_str for feature in ln.Feature.from_dict({"threads": 4})]
            ['int']
        """
        group = {} if type is None else {"type": type}
        return cls._made({name: dtype_of(name, value) for name, value in dictionary.items()}, field, mute, **group)

    @classmethod
    def _made(cls, dtypes, field, mute, **given):
        if field is not None and (getattr(field, "model", None) is not cls or field.name != "name"):
            raise ValueError(f"field must be a Feature FieldAttr, Feature.name, not {field!r}")
        with logger._quietly() if mute else nullcontext():
            return SQLRecordList([cls(name=name, dtype=dtype, **given) for name, dtype in dtypes.items()])


def _target_object(target):
    """A field of a registry, or the type that labels must have."""
    cls = class_of(target["registry"])
    if target["type_uid"]:
        return cls.objects.get(uid=target["type_uid"])
    return getattr(cls, target["field"] or cls._name_field)
