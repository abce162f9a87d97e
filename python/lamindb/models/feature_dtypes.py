"""Dtypes: taken apart, and inferred from Python values."""

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.classes import class_of
from lamindb._records.record import SQLRecord
from lamindb.errors import ValidationError


def parse_dtype(dtype_str, check_exists=False):
    """The registries whose rows a categorical dtype takes.

    Args:
        dtype_str (str): the dtype as it is stored: "cat[bionty.CellType.ontology_id]", "list[cat[Record[<uid>]]]", "int".
        check_exists (bool): the type that labels must have, too.

    Returns:
        list[dict]: of each registry `registry`, `registry_str`, `field`, `field_str`, `filter_str`, and where they are stated
        `type_uid` and `list`; none for other dtypes.

    Raises:
        ValueError: it is neither a dtype nor of the form of one.
        ValidationError: it names a registry, field or type that there is not.
        ObjectDoesNotExist: there is no such type.

    Example:

        >>> from lamindb.models.feature import parse_dtype
        >>> [target["field_str"] for target in parse_dtype("cat[bionty.CellType.ontology_id]")]
        ['ontology_id']
    """
    inner = dtype_str[5:-1] if dtype_str.startswith("list[") and dtype_str.endswith("]") else dtype_str
    if inner == "cat[]":
        return []
    simple = [name for name, *_ in _core.dtypes()]
    if inner not in simple and not (inner.startswith("cat[") and inner.endswith("]")):
        raise ValueError(f"dtype is '{dtype_str}' but has to be one of {', '.join(simple)}, cat[Registry], or a list[...] of these")
    parsed = _core.parse_dtype(_session.current(), dtype_str)
    targets = []
    for target in parsed["targets"]:
        registry, field = class_of(target["registry"]), target["field"]
        one = {"registry": registry, "registry_str": target["registry"], "filter_str": target["filter"],
               "field_str": field, "field": getattr(registry, field)}  # fmt: skip
        if target["type_uid"]:
            if check_exists:
                registry.get(uid=target["type_uid"])
            one["type_uid"] = target["type_uid"]
        targets.append({**one, "list": True} if parsed["list"] else one)
    return targets


def dtype_of(name, value):
    """The dtype inferred from the value of a feature; of texts, which may be labels or not, "str"."""
    try:
        return _dtype_of_value(value)
    except ValidationError as error:
        raise ValidationError(f"feature {name!r}: {error}") from None


def _dtype_of_value(value):
    items = value.tolist() if getattr(value, "ndim", 0) else value
    if not isinstance(items, (list, tuple, set, frozenset)) and not hasattr(items, "model"):
        return (_dtype_of_object(value) or _core.likely_dtype(value)).replace("cat ? str", "str")
    items = list(items)
    objects = [_dtype_of_object(item) for item in items]
    if any(objects):
        dtype = _core.list_dtype([one or _core.likely_dtype(item) for one, item in zip(objects, items, strict=True)])
    else:
        dtype = _core.likely_list_dtype(items)
    return dtype.replace("cat ? str", "str")


def _dtype_of_object(value):
    """Of records and paths, which only Python has."""
    if isinstance(value, SQLRecord):
        return f"cat[{value.__registry__}]"
    return "path" if hasattr(value, "__fspath__") else None
