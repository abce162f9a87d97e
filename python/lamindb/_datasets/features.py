"""Feature values of artifacts, runs and records: `artifact.features.set_values({...})`."""

from .. import _core
from .._process.classes import class_of
from .._process.logger import show
from .._queries.feature_values import shaped
from .._records.given import values_of
from .._records.saving import SQLRecordList
from .._surface.missing import instance_attribute
from ..errors import InvalidArgument, ValidationError
from .former_features import FormerFeatures


def hold_feature_values(record):
    """Stores the value passed as `features`, in the form that the core saves with the record."""
    given = record.__dict__.get("_features")
    if given:
        record.__dict__["_feature_values"] = values_of(given)


def forget_feature_values(record):
    """Drops the values once they are saved."""
    for name in ("_features", "_feature_values"):
        record.__dict__.pop(name, None)


def _check_field(feature_field):
    """Keys of values are names of features; a field can only say so."""
    feature = class_of("Feature")
    if feature_field is None or feature_field == "name":
        return
    if getattr(feature_field, "model", None) is not feature or feature_field.name != "name":
        raise InvalidArgument(f"feature_field is {feature_field!r}, but the keys of values are names of features: Feature.name")


class FeatureManager(FormerFeatures):
    """The features of a record and their values: `artifact.features`.

    Args:
        sqlrecord (SQLRecord): an artifact, run or record.

    Example:

        >>> artifact.features.add_values({"temperature": 4.0})
        >>> artifact.features["temperature"]
        4.0
        >>> artifact.features.remove_values("temperature")
    """

    def __init__(self, sqlrecord):
        self._host = sqlrecord

    def set_values(self, values, feature_field=None, schema=None):
        """Replaces all values that were set by hand.

        Args:
            values (dict): {feature: value}; a feature by name or as a record, a label by the dtype's field or as a record. None,
                an empty list and an empty dict are no value.
            feature_field (field, optional): what the keys are: `ln.Feature.name`, which is the only possibility.
            schema (Schema, optional): what the values must be, for records that are not rows of a sheet.

        Raises:
            ValidationError: a feature or label is not registered, a value does not fit, or the schema asks for others; it says
                what to do.

        Example:

            >>> artifact.features.set_values({"temperature": 4.0})
            >>> artifact.features.remove_values("temperature")
        """
        self._write(_core.set_feature_values, values, feature_field, schema)

    def add_values(self, values, feature_field=None, schema=None):
        """Adds values to those that are set; to a record only of features that take several, which are `list[...]`.

        Arguments and errors as in :meth:`FeatureManager.set_values`.

        Example:

            >>> artifact.features.add_values({"temperature": 4.0})
            >>> artifact.features.remove_values("temperature")
        """
        self._write(_core.add_feature_values, values, feature_field, schema)

    def update_values(self, values, feature_field=None, schema=None):
        """Replaces the values of these features and leaves the others; a schema is about all of them together.

        Arguments and errors as in :meth:`FeatureManager.set_values`.

        Example:

            >>> artifact.features.update_values({"temperature": -20.0})
            >>> artifact.features.remove_values("temperature")
        """
        self._write(_core.update_feature_values, values, feature_field, schema)

    def _write(self, write, values, feature_field, schema):
        _check_field(feature_field)
        records = {}
        plain = values_of(values, records)
        write(self._host, plain, schema, records)

    def remove_values(self, feature=None, *, value=None):
        """Removes the values of one, several or all features.

        Args:
            feature (str | Feature | list | dict, optional): the features, or {feature: value to remove}; none for all.
            value (object, optional): remove only this value.

        Example:

            >>> artifact.features.remove_values()
        """
        if isinstance(feature, dict) and value is not None:
            raise ValueError("Pass either value= or a dictionary of features and values, not both.")
        if feature is None:
            feature = list(self.get_values(external_only=True))
        if not isinstance(feature, dict):
            feature = dict.fromkeys(feature if isinstance(feature, (list, tuple)) else [feature], value)
        _core.remove_feature_values(self._host, values_of({f: () if v is None else v for f, v in feature.items()}))

    def get_values(self, external_only=False):
        """{feature: value}, labels first; several values of a feature as a set, or as a list for a list dtype.

        Args:
            external_only (bool): leave out what was found in the dataset.

        Example:

            >>> sorted(artifact.features.get_values()["cell_type"])
            ['B cell', 'T cell']
        """
        return shaped(_core.session_of(self._host), _core.feature_values(self._host, external_only))

    def __getitem__(self, feature):
        feature = feature if isinstance(feature, str) else feature.name
        registered = class_of("Feature").filter(name=feature).first()
        if registered is None:
            if (members := self._of_slot(feature)) is not None:
                return members
            raise ValidationError(f"Feature with name {feature} not found")
        values = _core.feature_values(self._host, False)
        if feature not in values:
            return {}
        elsewhere = isinstance(self._host, class_of("Record")) and any(_core.values_through(registered))
        if "cat[" not in (registered._dtype_str or "") or elsewhere:
            return shaped(_core.session_of(self._host), {feature: values[feature]})[feature]
        labels = _core.feature_labels(self._host, registered)
        if len(labels) == 1:
            return labels[0]
        if registered._dtype_str.startswith("list["):
            return SQLRecordList(labels)
        found = {cls: [label.id for label in labels if type(label) is cls] for cls in dict.fromkeys(map(type, labels))}
        rows = {cls.__registry__: cls.objects.filter(id__in=ids) for cls, ids in found.items()}
        return next(iter(rows.values())) if len(rows) == 1 else rows

    @property
    def slots(self):
        """{slot: schema} of the features found in the dataset (dict)."""
        links = getattr(self._host, "links_schema", None) or self._host._links_schema
        return {link.slot: link.schema for link in links.all()}

    def describe(self, return_str=False):
        """The part of the record's description about features.

        Args:
            return_str (bool): return the text rather than show it.

        Example:

            >>> "cell_type" in artifact.features.describe(return_str=True)
            True
        """
        return show(lambda form: _core.describe_features(self._host, form), return_str)

    def _repr_html_(self):
        return _core.describe_features(self._host, "html")

    def __repr__(self):
        return self.describe(return_str=True)

    __getattr__ = instance_attribute
