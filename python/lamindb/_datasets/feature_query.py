"""Queries by values of features: `Artifact.filter(temperature__gt=21, cell_type="T cell")`."""

from .. import _core
from .._process import session as _session
from .._process.classes import class_of
from .._queries.conditions import Q
from .._records.record import SQLRecord
from ..errors import InvalidArgument, ValidationError
from .labels import relation_to

_JSON_OPS = ("", "gt", "gte", "lt", "lte", "in", "icontains", "contains", "startswith")


class FeaturePredicate:
    """A comparison of a feature, for a query."""

    def __init__(self, feature, op, value):
        self.feature, self.op, self.value = feature, op, value

    def __bool__(self):
        raise TypeError("a comparison of a feature is a condition for filter(), neither true nor false")

    def __repr__(self):
        return f"FeaturePredicate({self.feature.name} {self.op or 'eq'} {self.value!r})"


def by_predicates(cls, queries):
    """(rows that meet the comparisons of features, the other conditions)."""
    rows, rest = type(cls).filter(cls), []
    for query in queries:
        if isinstance(query, FeaturePredicate):
            rows = _with_value(cls, rows, query.feature, query.op, query.value)
        else:
            rest.append(query)
    return rows, rest


def filtered(cls, queries, expressions):
    """`filter` of registries whose rows have values of features."""
    if queries and not all(type(query).__name__ == "Q" for query in queries):
        rows, queries = by_predicates(cls, queries)
        return rows.filter(*queries, **expressions) if queries or expressions else rows
    if expressions:
        root = next(iter(expressions)).partition("__")[0]
        if root not in cls._names and root not in cls._aliases:
            found = by_features(cls, expressions)
            if found is not None:
                return found.filter(*queries) if queries else found
    return type(cls).filter(cls, *queries, **expressions)


def by_features(cls, expressions):
    """Rows with these values; None if none of the keywords is a feature."""
    feature_class = class_of("Feature")
    roots = {keyword.partition("__")[0] for keyword in expressions}
    known = {f.name: f for f in feature_class.filter(name__in=list(roots)).order_by("-id")}
    if not known:
        return None
    unknown = sorted(roots - set(known))
    if unknown:
        raise InvalidArgument(
            f"You can query either by available fields or by features, not by both; these are no features: {', '.join(unknown)}"
        )
    rows = type(cls).filter(cls)
    for keyword, value in expressions.items():
        name, _, op = keyword.partition("__")
        rows = _with_value(cls, rows, known[name], op, value)
    return rows


def _with_value(cls, rows, feature, op, value):
    parsed = _core.parse_dtype(_session.current(), feature._dtype_str)
    if parsed["base"] == "cat":
        return _with_label(cls, rows, feature, parsed["targets"], op, value)
    if op == "ne":
        return rows.exclude(json_values__feature=feature, json_values__value=value)
    if op == "isnull":
        return rows.exclude(json_values__feature=feature) if value else rows.filter(json_values__feature=feature)
    if op not in _JSON_OPS:
        raise InvalidArgument(f"values of features are not compared by {op!r}, only by {', '.join(_JSON_OPS[1:])}")
    suffix = f"__{op}" if op else ""
    return rows.filter(**{"json_values__feature": feature, f"json_values__value{suffix}": value})


def _with_label(cls, rows, feature, targets, op, value):
    if op == "ne":
        return rows.exclude(id__in=_with_label(cls, rows, feature, targets, "", value).to_list("id"))
    if op not in ("", "isnull", "icontains", "contains", "startswith"):
        raise NotImplementedError(f"filtering labels of a feature by __{op} is not implemented in lamindb-native yet")
    if not op and not isinstance(value, (str, SQLRecord)):
        raise NotImplementedError(f"the categorical feature {feature.name!r} takes a str or an object, not {value!r}")
    condition = None
    for target in targets:
        relation = relation_to(cls, target["registry"])
        link = next(r for r in cls._description["relations"] if r[0] == relation)
        pairs = class_of(link[3]).filter(feature=feature)
        if op != "isnull":
            if isinstance(value, SQLRecord):
                if value.__registry__ != target["registry"]:
                    continue
                pairs = pairs.filter(**{link[5]: value})
            else:
                label = class_of(target["registry"])
                field = target["field"] or label._name_field
                if not op and not label.filter(**{field: value}).exists():
                    raise label.DoesNotExist(f"Did not find a {label.__name__} matching `{field}={value}`")
                pairs = pairs.filter(**{f"{link[5]}__{field}{'__' + op if op else ''}": value})
        one = Q(id__in=pairs.to_list(f"{link[4]}__id"))
        condition = one if condition is None else condition | one
    if condition is None:
        raise ValidationError(f"{value!r} is no label of feature {feature.name!r}")
    return rows.exclude(condition) if op == "isnull" and value else rows.filter(condition)
