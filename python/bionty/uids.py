"""Identifiers derived from what they name."""

from lamindb import _core
from lamindb._surface.lazy import public


def encode_base62(text):
    """The md5 of a text as base62.

    Args:
        text (str): the text.

    Example:

        >>> bt.uids.encode_base62("T cell") == bt.uids.encode_base62("T cell")
        True
    """
    return _core.derived_uid(text, 32)  # more characters than 16 bytes have in base 62


def ontology(text):
    """The uid of an ontology term.

    Args:
        text (str): what identifies the term, such as its ontology_id.

    Returns:
        str: 14 characters.

    Example:

        >>> bt.uids.ontology("CL:0000084")
        '22LvKd01YyNA1a'
    """
    return _core.derived_uid(text, 14)


def source(text):
    """The uid of a source.

    Args:
        text (str): entity, name, organism and version of the source, joined.

    Returns:
        str: 8 characters.

    Example:

        >>> len(bt.uids.source("bionty.CellTypeclall2024-08-16"))
        8
    """
    return _core.derived_uid(text, 8)


__getattr__, __dir__ = public(__name__)
