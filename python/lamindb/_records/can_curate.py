"""Registries whose values datasets are checked against."""

from .._surface.former import keywords
from .._surface.lazy import later

validate, inspect, standardize = later("lamindb._queries.validation", "validate", "inspect", "standardize")
from_values = later("lamindb._records.from_values", "from_values")


class of_class(classmethod):
    """A class method that says so when it is called on a record."""

    def __get__(self, record, owner=None):
        if record is not None:
            name, method = owner.__name__, self.__func__.__name__
            raise TypeError(f"{name}.{method}() is a class method and must be called on the {name} class, not on a {name} object")
        return super().__get__(record, owner)


class CanCurate:
    """Registries whose values datasets are checked against."""

    _curatable = True

    @of_class
    @keywords
    def validate(cls, values, field=None, *, mute=False, organism=None, source=None, strict_source=False):
        """Which values are registered, exactly."""
        return validate(cls, values, field, mute=mute, organism=organism, source=source, strict_source=strict_source)

    @of_class
    @keywords
    def inspect(cls, values, field=None, *, mute=False, organism=None, source=None, from_source=True, strict_source=False):
        """Which values are registered, which are synonyms, and what the others may have meant."""
        return inspect(cls, values, field, mute=mute, organism=organism, source=source, from_source=from_source,
                       strict_source=strict_source)  # fmt: skip

    @of_class
    @keywords
    def standardize(cls, values, field=None, *, return_field=None, return_mapper=False, case_sensitive=False, mute=False,
                    from_source=True, keep="first", synonyms_field="synonyms", organism=None, source=None,
                    strict_source=False):  # fmt: skip
        """Standard names of values."""
        return standardize(cls, values, field, return_field=return_field, return_mapper=return_mapper,
                           case_sensitive=case_sensitive, mute=mute, from_source=from_source, keep=keep,
                           synonyms_field=synonyms_field, organism=organism, source=source,
                           strict_source=strict_source)  # fmt: skip

    @of_class
    @keywords
    def from_values(cls, values, field=None, create=False, organism=None, source=None, mute=False):
        """Records that the values name."""
        return from_values(cls, values, field, create, organism, source, mute)
