"""Identifiers derived from what they name."""

from lamindb import _core
from lamindb._surface.lazy import public


def encode_base62(text):
    """base62 of the md5 of a text."""
    return _core.derived_uid(text, 32)  # more characters than 16 bytes have in base 62


def ontology(text):
    """The uid of an ontology term."""
    return _core.derived_uid(text, 14)


def source(text):
    """The uid of a source."""
    return _core.derived_uid(text, 8)


__getattr__, __dir__ = public(__name__)
