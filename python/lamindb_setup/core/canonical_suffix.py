"""Which endings of names are formats."""

from lamindb.base.canonical_suffix import COMPOSITE_FORMATS, ENCODING_FORMATS, SIMPLE_FORMATS, CanonicalSuffix

__all__ = ["CanonicalSuffix", "COMPOSITE_FORMATS", "ENCODING_FORMATS", "SIMPLE_FORMATS"]
