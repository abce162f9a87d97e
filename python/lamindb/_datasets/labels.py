"""Labels of any registry on an artifact or collection."""

from .. import _core
from .._process.classes import class_of
from .._process.logger import print_or_return
from .._records.record import SQLRecord
from .._surface.missing import instance_attribute
from ..errors import ValidationError


class LabelManager:
    """`artifact.labels.add(labels, feature)`."""

    def __init__(self, sqlrecord):
        self._host = sqlrecord

    def add(self, records, feature=None):
        """Adds labels; texts are looked up in the registry of the feature."""
        self._check_saved()
        labels = [records] if isinstance(records, (str, SQLRecord)) else list(records)
        if labels and all(isinstance(label, str) for label in labels):
            if feature is None:
                raise ValueError("Please pass a feature, which says in which registry texts are looked up")
            target = _core.parse_dtype(_core.session_of(self._host), feature._dtype_str)["targets"][0]
            cls = class_of(target["registry"])
            labels = list(cls.from_values(labels, field=target["field"] or cls._name_field))
        for label in labels:
            if not _core.saved(label):
                raise ValidationError(f"{label!r} not validated. If it looks correct: record.save()")
        _core.add_labels(self._host, labels, 0 if feature is None else feature.id)

    def add_from(self, data, transfer_logs=None):
        """Adds the labels of another artifact or collection, with the features whose values they are."""
        self._check_saved()
        if _core.session_of(data).settings["uid"] != _core.session_of(self._host).settings["uid"]:
            raise NotImplementedError("labels.add_from() of another instance is not implemented in lamindb-native yet")
        for registry, feature, ids in _labels_of(data):
            _core.add_labels(self._host, list(class_of(registry).objects.filter(id__in=ids)), feature)

    def _check_saved(self):
        if not _core.saved(self._host):
            raise ValueError("Please save the artifact/collection before adding a label!")

    def get(self, feature, mute=False, flat_names=False):
        """Labels of a feature."""
        parsed = _core.parse_dtype(_core.session_of(self._host), feature._dtype_str)
        if not parsed["targets"]:
            raise ValueError(f"feature {feature.name!r} has no labels: its values are of dtype {feature._dtype_str}")
        found = {}
        for target in parsed["targets"]:
            cls = class_of(target["registry"])
            name = relation_to(type(self._host), target["registry"])
            link = next(r for r in type(self._host)._description["relations"] if r[0] == name)
            pairs = class_of(link[3]).filter(**{link[4]: self._host, "feature": feature})
            ids = pairs.to_list(f"{link[5]}__id")
            found[target["registry"]] = cls.objects.filter(id__in=ids)
        if flat_names:
            return [row for rows in found.values() for row in rows.to_list(rows.model._name_field)]
        return next(iter(found.values())) if len(found) == 1 else found

    def describe(self, return_str=True):
        """All labels by relation."""
        lines = []
        relations = type(self._host)._description["relations"] if _core.saved(self._host) else ()
        for name, shape, to, through, *_ in relations:
            if shape != "many_to_many" or name.startswith(("_", "links_")) or through is None or not is_label(to):
                continue
            names = getattr(self._host, name).to_list(class_of(to)._name_field)
            if names:
                lines.append(f".{name}  {to}  {', '.join(map(str, names))}")
        return print_or_return("\n".join(lines), return_str)

    def __repr__(self):
        return self.describe()

    __getattr__ = instance_attribute


def is_label(registry):
    """Whether rows of a registry are labels: they can be curated and are no features."""
    cls = class_of(registry)
    return "curatable" in cls._traits and registry not in ("Feature", "Schema", "User")


def relation_to(cls, registry):
    """The relation by which a registry labels rows of a class."""
    for name, shape, to, through, *_ in cls._description["relations"]:
        if to == registry and shape == "many_to_many" and not name.startswith(("_", "links_", "linked_")):
            if through is not None and "feature" in class_of(through)._names:
                return name
    raise ValidationError(f"{registry} cannot label a {cls.__name__}")


def _labels_of(data):
    """(registry, id of the feature or 0, ids of the labels) of all labels of a dataset."""
    relations = type(data)._description["relations"] if _core.saved(data) else ()
    for name, shape, to, through, near, far, _ in relations:
        if shape != "many_to_many" or name.startswith(("_", "links_", "linked_")) or through is None:
            continue
        if is_label(to) or to == "User":
            for feature, ids in _by_feature(class_of(through), near, far, data).items():
                yield to, feature or 0, ids


def _by_feature(pairs, near, far, data):
    """{id of the feature: ids of the labels} of one relation; collections keep no feature for some labels."""
    found = {}
    feature = ["feature_id"] if "feature" in pairs._names else []
    for label, *of in pairs.filter(**{near: data}).order_by("id").values_list(f"{far}_id", *feature):
        found.setdefault(of[0] if of else None, []).append(label)
    return found
