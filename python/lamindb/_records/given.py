"""Values of features as users pass them, in the core's form."""

from .. import _core
from ..errors import FieldValidationError, InvalidArgument, ValidationError
from .record import BaseSQLRecord


def values_of(given, records=None):
    """Names and values of features in the core's form: a list of plain values each. A dict `records` gets those that are records,
    so that the core can say what is wrong with them; without it, records must be saved."""
    if not isinstance(given, dict):
        raise InvalidArgument(f"values of features are a dict of names and values, not a {type(given).__name__}")
    out = {}
    shared = _shared_names([key for key in given if not isinstance(key, str)])
    for key, value in given.items():
        name = key if isinstance(key, str) else key.uid if key.name in shared else key.name
        if getattr(value, "ndim", 0):  # an array of numpy, a column of pandas
            value = value.tolist()
        several = value if isinstance(value, (list, tuple, set)) or hasattr(value, "model") else [value]
        several = list(several)
        if records is not None and (held := [v for v in several if isinstance(v, BaseSQLRecord)]):
            records[name] = held
        out[name] = [_plain(v, records is None) for v in several]
    return out


def _shared_names(features):
    """Names of these features that another feature has too, so that they are told apart by uid."""
    saved = [feature for feature in features if _core.saved(feature)]
    if not saved:
        return frozenset()
    query = _core.Query("Feature").where(None, {"name__in": sorted({feature.name for feature in saved}), "is_type": False})
    names = _core.columns(_core.session_of(saved[0]), query, ["name"])[0]
    return frozenset(name for name in names if names.count(name) > 1)


def _plain(value, must_be_saved=True):
    """A label as its uid, a missing value as None, anything else unchanged."""
    if type(value).__name__ in ("NAType", "NaTType"):  # pandas types; pandas may not be installed
        return None
    if isinstance(value, BaseSQLRecord):
        if must_be_saved and not _core.saved(value):
            raise ValidationError(f"Please save {_core.named(value)} before annotation.")
        return value.uid if _core.saved(value) else _core.named(value)
    return value


def refuse_unknown(given, names):
    """Raises FieldValidationError for keywords that a constructor does not take; none is left unused."""
    if given:
        near = " or ".join(dict.fromkeys(name for unknown in given for name in _core.nearest(unknown, list(names))[:1]))
        meant = f" (did you mean {near}?)" if near else ""
        raise FieldValidationError(f"Only {', '.join(names)} can be passed, you passed: {given}{meant}")
