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
        if not _core.saved(self._host):
            raise ValueError("Please save the artifact/collection before adding a label!")
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

    def get(self, feature, mute=False, flat_names=False):
        """Labels of a feature."""
        parsed = _core.parse_dtype(_core.session_of(self._host), feature._dtype_str)
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
