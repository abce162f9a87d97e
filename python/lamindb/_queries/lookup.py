"""Lookup objects: one attribute per row, for auto-completion."""

from .. import _core
from .._process.logger import logger
from .conditions import field_name


def lookup(rows, field=None, return_field=None, keep="first"):
    """A named tuple whose attributes are the values of a field, turned into identifiers; see `Registry.lookup`."""
    if keep not in ("first", "last", False):
        raise ValueError(f"keep is {keep!r} but has to be 'first', 'last' or False")
    import keyword

    name = field_name(field) or rows.model._name_field
    shown = field_name(return_field)
    by_value, by_key = {}, {}
    for row in rows:
        value = getattr(row, name)
        if not isinstance(value, str) or not value:
            continue
        by_value.setdefault(value, []).append(row)
    for value, found in by_value.items():
        key = _core.lookup_key(value, "ln_")
        if keyword.iskeyword(key) and not key.endswith("_"):
            key += "_"
        by_key.setdefault(key, []).extend(found)
    return make_lookup(by_key, by_value, shown, keep)


def make_lookup(by_key, by_value, return_field, keep):
    from collections import namedtuple

    def chosen(rows, value):
        results = [getattr(row, return_field) if return_field else row for row in rows]
        if len(results) == 1:
            return results[0]
        if keep is False:
            return results
        return results[0 if keep == "first" else -1]

    fields = {key: chosen(rows, key) for key, rows in by_key.items()}
    shared = {key: len(rows) for key, rows in by_key.items() if len(rows) > 1}
    base = namedtuple("Lookup", list(fields))

    class Lookup(base):
        """Rows by name."""

        __slots__ = ()

        def __getattribute__(self, key):
            if keep and key in shared:
                n = shared.pop(key)
                logger.warning(f"{n} records found for {key!r}. Returning based on keep={keep!r}.")
            return base.__getattribute__(self, key)

        def dict(self):
            """{value: row}, with the original values."""
            return {value: chosen(rows, value) for value, rows in by_value.items()}

    Lookup.__qualname__ = "Lookup"
    return Lookup(**fields)
