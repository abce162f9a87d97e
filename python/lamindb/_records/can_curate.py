"""Registries whose values datasets are checked against."""

from .._surface.former import keywords
from .._surface.lazy import later

validate, inspect, standardize = later("lamindb._queries.validation", "validate", "inspect", "standardize")
from_values = later("lamindb._records.from_values", "from_values")


class CanCurate:
    """Registries whose values datasets are checked against."""

    _curatable = True

    @classmethod
    @keywords
    def validate(cls, values, field=None, *, mute=False, organism=None, source=None, strict_source=False):
        """Which values are registered, exactly."""
        return validate(cls, values, field, mute=mute, organism=organism, source=source, strict_source=strict_source)

    @classmethod
    @keywords
    def inspect(cls, values, field=None, *, mute=False, organism=None, source=None, from_source=True, strict_source=False):
        """Which values are registered, which are synonyms, and what the others may have meant."""
        return inspect(cls, values, field, mute=mute, organism=organism, source=source, from_source=from_source,
                       strict_source=strict_source)  # fmt: skip

    @classmethod
    @keywords
    def standardize(cls, values, field=None, *, return_field=None, return_mapper=False, case_sensitive=False, mute=False,
                    from_source=True, keep="first", synonyms_field="synonyms", organism=None, source=None,
                    strict_source=False):  # fmt: skip
        """Standard names of values."""
        return standardize(cls, values, field, return_field=return_field, return_mapper=return_mapper,
                           case_sensitive=case_sensitive, mute=mute, from_source=from_source, keep=keep,
                           synonyms_field=synonyms_field, organism=organism, source=source,
                           strict_source=strict_source)  # fmt: skip

    @classmethod
    @keywords
    def from_values(cls, values, field=None, create=False, organism=None, source=None, mute=False):
        """Records that the values name."""
        return from_values(cls, values, field, create, organism, source, mute)
