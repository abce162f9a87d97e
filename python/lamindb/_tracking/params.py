"""Parameters of runs as JSON: what the types of a function promise, and what can be stored."""

from .. import _core
from .._process import session as _session
from .._process.logger import logger
from .._records.record import BaseSQLRecord


class _NotJson(Exception):
    pass


def params_json(params, types=None):
    """The parameters as a JSON document; those that are not what their type says, or no JSON, are left out with a warning."""
    if params is None:
        return None
    kept = {}
    for name, value in params.items():
        if value is None or isinstance(value, list) and not value:
            continue
        expected = (types or {}).get(name)
        if expected is not None and not matches(value, expected):
            logger.warning(f"skipping param {name}: value {value!r} does not match annotation {expected!r}")
            continue
        plain = _plain(value)
        try:
            _core.document({name: plain}, "params", _refuse)
        except _NotJson:
            logger.warning(f"skipping param {name} with value {value!r}: it is no JSON")
            continue
        kept[name] = plain
    return _core.document(kept, "params", _refuse) if kept else "{}"


def _refuse(value):
    raise _NotJson


def _plain(value):
    """Records as "Registry[uid]", alone and in anything that is counted through."""
    if isinstance(value, BaseSQLRecord):
        return f"{value.__registry__}[{value.uid}]"
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)) or hasattr(value, "to_list") and hasattr(value, "one_or_none"):
        return [_plain(one) for one in value]
    return value


def matches(value, expected):
    """Whether a value is what an annotation says; an annotation that says nothing about values matches.

    Example::

        matches(["a"], list[str])
    """
    import types
    import typing

    if expected is typing.Any or isinstance(expected, typing.TypeVar):
        return True
    if expected is None or expected is type(None):
        return value is None
    if isinstance(expected, str):
        return _is_dtype(expected)
    origin, of = typing.get_origin(expected), typing.get_args(expected)
    if origin is typing.Annotated:
        return matches(value, of[0])
    if origin in (typing.Union, types.UnionType):
        return any(matches(value, one) for one in of)
    if origin is typing.Literal:
        return value in of
    if origin is not None:
        return _matches_generic(value, origin, of)
    if expected is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if expected is int:
        return isinstance(value, int) and not isinstance(value, bool) or type(value).__name__.startswith(("int", "uint"))
    return isinstance(value, expected) if isinstance(expected, type) else True


def _matches_generic(value, origin, of):
    from collections.abc import Iterable, Mapping

    if not isinstance(origin, type):
        return True
    if issubclass(origin, Mapping):
        if not isinstance(value, Mapping) or len(of) != 2:
            return isinstance(value, Mapping)
        return all(matches(key, of[0]) and matches(one, of[1]) for key, one in value.items())
    if issubclass(origin, tuple):
        if not isinstance(value, (tuple, list)):
            return False
        if len(of) == 2 and of[1] is Ellipsis:
            return all(matches(one, of[0]) for one in value)
        return len(value) == len(of) and all(matches(one, expected) for one, expected in zip(value, of))
    if not issubclass(origin, Iterable):
        return isinstance(value, origin)
    counted = isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))
    return counted and (origin.__module__ == "collections.abc" or isinstance(value, origin)) and all(matches(one, of[0]) for one in value)


def _is_dtype(text):
    """A text as an annotation is a dtype, such as "cat[Record[...]]"."""
    try:
        _core.parse_dtype(_session.current_or_bare(), text)
    except ValueError:
        return False
    return True


def say_params(params):
    """Prints the parameters of a run in one line."""
    if params:
        shown = ", ".join(f"{name}={_shown(value)}" for name, value in params.items())
        logger.important(f"params: {shown if len(shown) <= 500 else shown[:499] + '…'}")


def _shown(value):
    return _core.named(value) if isinstance(value, BaseSQLRecord) else repr(value)
