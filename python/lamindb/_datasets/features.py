"""Feature values of artifacts, runs and records: `artifact.features.set_values({...})`."""

from .. import _core
from .._process.classes import class_of
from .._process.logger import show
from .._queries.feature_values import shaped
from .._records.given import values_of
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


def _refuse_later(**given):
    for name, value in given.items():
        if value is not None:
            raise NotImplementedError(f"{name}= for values of features is not implemented in lamindb-native yet")


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
            values (dict): {feature: value}; a label by name or as a record.
            feature_field (str, optional): not implemented yet: raises NotImplementedError.
            schema (Schema, optional): not implemented yet: raises NotImplementedError.

        Raises:
            ValidationError: a feature or label is not registered, or a value does not fit; it says what to do.

        Example:

            >>> artifact.features.set_values({"temperature": 4.0})
            >>> artifact.features.remove_values("temperature")
        """
        _refuse_later(feature_field=feature_field, schema=schema)
        _core.set_feature_values(self._host, values_of(values), True)

    def add_values(self, values, feature_field=None, schema=None):
        """Adds values to those that are set.

        Arguments and errors as in :meth:`FeatureManager.set_values`.

        Example:

            >>> artifact.features.add_values({"temperature": 4.0})
            >>> artifact.features.remove_values("temperature")
        """
        _refuse_later(feature_field=feature_field, schema=schema)
        _core.set_feature_values(self._host, values_of(values), False)

    def update_values(self, values, feature_field=None, schema=None):
        """Replaces the values of these features and leaves the others.

        Arguments and errors as in :meth:`FeatureManager.set_values`.

        Example:

            >>> artifact.features.update_values({"temperature": -20.0})
            >>> artifact.features.remove_values("temperature")
        """
        _refuse_later(feature_field=feature_field, schema=schema)
        _core.update_feature_values(self._host, values_of(values))

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
        named = {f if isinstance(f, str) else f.name: v for f, v in feature.items()}
        given = {name: value for name, value in named.items() if value is not None}
        _core.remove_feature_values(self._host, dict.fromkeys(named, ()) | values_of(given))

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
        if "cat[" not in (registered._dtype_str or ""):
            return shaped(_core.session_of(self._host), {feature: values[feature]})[feature]
        target = _core.parse_dtype(_core.session_of(self._host), registered._dtype_str)["targets"][0]
        cls = class_of(target["registry"])
        rows = cls.filter(**{f"{target['field'] or cls._name_field}__in": values[feature]})
        return rows.one() if len(values[feature]) == 1 else rows

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
