"""LaminDB's hashes of texts."""

from lamindb import _core

__all__ = ["HASH_LENGTH", "hash_string"]

HASH_LENGTH = 22


def hash_string(string):
    """The hash of a text: md5 in url-safe base64."""
    return _core.md5_base64(string)
