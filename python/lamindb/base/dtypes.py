"""Tests of Python values: what kind of values a list holds."""

from lamindb._surface.lazy import public


def is_iterable_of_sqlrecord(value):
    """Whether a value is a list, or another iterable, of records.

    Args:
        value (object): anything.

    Example:

        >>> ln.base.dtypes.is_iterable_of_sqlrecord([label]), ln.base.dtypes.is_iterable_of_sqlrecord([])
        (True, False)
    """
    if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
        return False
    values = list(value)
    return bool(values) and all(hasattr(type(one), "__registry__") for one in values)


__all__ = ["is_iterable_of_sqlrecord"]
__getattr__, __dir__ = public(__name__)
