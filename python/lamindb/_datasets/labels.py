"""Labels of any registry on an artifact or collection."""

from .. import _core
from .._process.classes import class_of
from .._process.logger import logger, show
from .._records.record import SQLRecord
from .._surface.missing import instance_attribute
from ..errors import ValidationError


class LabelManager:
    """Labels of any registry on an artifact or collection: `artifact.labels`.

    Args:
        sqlrecord (Artifact | Collection): what is labelled.

    Example:

        >>> artifact.labels.add(label)
        >>> artifact.ulabels.remove(label)
    """

    def __init__(self, sqlrecord):
        self._host = sqlrecord

    def add(self, records, feature=None):
        """Adds labels.

        Args:
            records (SQLRecord | str | Iterable): saved labels; texts are looked up in the registry of the feature.
            feature (Feature, optional): what the labels are values of.

        Raises:
            ValidationError: a label is not saved.
            ValueError: texts without a feature.

        Example:

            >>> artifact.labels.add([label])
            >>> artifact.ulabels.remove(label)
        """
        self._check_saved()
        _check_feature(feature)
        labels = [records] if isinstance(records, (str, SQLRecord)) else list(records)
        if labels and all(isinstance(label, str) for label in labels):
            labels = self._named(labels, feature)
        for label in labels:
            if not _core.saved(label):
                raise ValidationError(f"{_core.named(label)} not validated. If it looks correct: record.save()")
        if feature is not None and not _core.saved(feature):
            new = f"ln.Feature(name={feature.name!r}, type={feature._dtype_str!r})"
            raise ValidationError(f"Feature not validated. If it looks correct: {new}.save()")
        _core.add_labels(self._host, labels, 0 if feature is None else feature.id)

    def _named(self, names, feature):
        """The labels with these names, in the registry of the feature."""
        if feature is None:
            raise ValueError("Please pass a feature, which says in which registry texts are looked up")
        target = _core.parse_dtype(_core.session_of(self._host), feature._dtype_str)["targets"][0]
        cls = class_of(target["registry"])
        field = target["field"] or cls._name_field
        found = list(cls.from_values(names, field=field, mute=True))
        known = {getattr(record, field) for record in found}
        unknown = [name for name in names if name not in known]
        if unknown and len(found) < len(set(names)):
            new = f"label = ln.{cls.__name__}({field}={unknown[0]!r})"
            raise ValueError(f"Please pass a record (a `SQLRecord` object), not a string, e.g., via: {new}")
        return found

    def add_from(self, data, transfer_logs=None):
        """Adds the labels of another artifact or collection, along with their features.

        Args:
            data (Artifact | Collection): where the labels are; of another instance, labels and features that are not here yet are
                made with the same uids.
            transfer_logs (dict, optional): not implemented yet: raises NotImplementedError.

        Example::

            new.labels.add_from(old)
        """
        self._check_saved()
        if transfer_logs is not None:
            raise NotImplementedError("labels.add_from(transfer_logs=...) is not implemented in lamindb-native yet")
        _core.copy_labels(data, self._host)

    def _check_saved(self):
        if not _core.saved(self._host):
            raise ValueError("Please save the artifact/collection before adding a label!")

    def get(self, feature, mute=False, flat_names=False):
        """Labels of a feature.

        Args:
            feature (Feature): a feature of labels.
            mute (bool): do not say that there are none.
            flat_names (bool): names rather than records.

        Returns:
            QuerySet | dict | list[str]: rows; {registry: rows} if the feature has several; names with `flat_names`.

        Raises:
            TypeError: it is not a feature.
            ValueError: the values of the feature are not labels.

        Example:

            >>> sorted(artifact.labels.get(ln.Feature.get(name="cell_type"), flat_names=True))
            ['B cell', 'T cell']
        """
        _check_feature(feature)
        if feature is None:
            raise TypeError("pass the feature whose labels are wanted")
        parsed = _core.parse_dtype(_core.session_of(self._host), feature._dtype_str)
        if not parsed["targets"]:
            raise ValueError(f"feature {feature.name!r} has no labels: its values are of dtype {feature._dtype_str}")
        held = {registry: ids for registry, of, ids in _core.labels_of(self._host) if of == feature.id}
        if not held and not mute:
            logger.warning(f"{_core.named(self._host)} has no labels of feature {feature.name!r}")
        found = {}
        for target in parsed["targets"]:
            cls = class_of(target["registry"])
            found[target["registry"]] = cls.objects.filter(id__in=held.get(target["registry"], []))
        if flat_names:
            return [row for rows in found.values() for row in rows.to_list(rows.model._name_field)]
        return next(iter(found.values())) if len(found) == 1 else found

    def describe(self, return_str=True):
        """The part of the record's description about labels.

        Args:
            return_str (bool): return the text rather than show it.

        Example:

            >>> "cell_types" in artifact.labels.describe(return_str=True)
            True
        """
        return show(lambda form: _core.describe_labels(self._host, form), return_str)

    def _repr_html_(self):
        return _core.describe_labels(self._host, "html")

    def __repr__(self):
        return self.describe()

    __getattr__ = instance_attribute


def _check_feature(feature):
    if feature is not None and not isinstance(feature, class_of("Feature")):
        raise TypeError(f"feature has to be a Feature, not {feature!r}")
