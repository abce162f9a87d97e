"""Identifiers that follow from what they name."""

from lamindb import _core


def encode_base62(text):
    """base62 of the md5 of a text."""
    return _core.derived_uid(text, 0)


def ontology(text):
    """The uid of an ontology term."""
    return _core.derived_uid(text, 14)


def source(text):
    """The uid of a source."""
    return _core.derived_uid(text, 8)


def __getattr__(name):
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
