"""LaminDB's hashes of texts."""

from lamindb import _core

HASH_LENGTH = 22


def hash_string(string):
    """The hash of a text: md5 in url-safe base64."""
    return _core.md5_base64(string)


def __getattr__(name):
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
