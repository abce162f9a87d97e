"""LaminDB's hashes: md5, in url-safe base64 without padding; of a large file only both ends, by sha1."""

import base64
import hashlib
import os

from lamindb import _core
from lamindb._surface.lazy import public
from lamindb.errors import FileDoesNotExist

__all__ = [
    "HASH_LENGTH", "b16_to_b64", "hash_and_encode_as_b62", "hash_code", "hash_dict", "hash_dir", "hash_file", "hash_from_hashes_list",
    "hash_set", "hash_small_bytes", "hash_string", "to_b64_str",
]  # fmt: skip

HASH_LENGTH = 22
_ENDS = 50 * 1024 * 1024
_WHOLE = 32  # more characters than 16 bytes have in base 62


def to_b64_str(bstr):
    """Bytes in url-safe base64 without padding.

    Args:
        bstr (bytes): the bytes.

    Example:

        >>> ln.setup.core.hashing.to_b64_str(b"cell")
        'Y2VsbA'
    """
    return base64.urlsafe_b64encode(bstr).decode().rstrip("=")


def b16_to_b64(s):
    """Hexadecimal digits in base64.

    Args:
        s (str): the digits, such as an object store's ETag, also in quotes.

    Example:

        >>> ln.setup.core.hashing.b16_to_b64("63656c6c")
        'Y2VsbA'
    """
    return to_b64_str(bytes.fromhex(s.strip('"')))


def hash_string(string):
    """The hash of a text.

    Args:
        string (str): the text.

    Example:

        >>> len(ln.setup.core.hashing.hash_string("T cell"))
        22
    """
    return _core.md5_base64(string)


def hash_small_bytes(data):
    """The hash of bytes.

    Args:
        data (bytes): the bytes.

    Example:

        >>> ln.setup.core.hashing.hash_small_bytes(b"T cell") == ln.setup.core.hashing.hash_string("T cell")
        True
    """
    return to_b64_str(hashlib.md5(data).digest())


def hash_set(s):
    """The hash of a set of texts.

    Args:
        s (set[str]): the texts.

    Example:

        >>> ln.setup.core.hashing.hash_set({"a", "b"}) == ln.setup.core.hashing.hash_set({"b", "a"})
        True
    """
    return hash_string(":".join(sorted(s)))


def hash_dict(d):
    """The hash of a dict of JSON values, whatever its order.

    Args:
        d (dict): the values by name.

    Example:

        >>> ln.setup.core.hashing.hash_dict({"a": 1, "b": 2}) == ln.setup.core.hashing.hash_dict({"b": 2, "a": 1})
        True
    """
    import json

    return hash_string(json.dumps(d, sort_keys=True))


def hash_from_hashes_list(hashes):
    """The hash of what has these hashes, whatever their order.

    Args:
        hashes (Iterable[str]): such as those of the files of a folder.

    Example:

        >>> len(ln.setup.core.hashing.hash_from_hashes_list(["Y2VsbA", "Y2VsbB"]))
        22
    """
    return hash_small_bytes(b"".join(hashlib.md5(one.encode()).digest() for one in sorted(hashes)))


def hash_and_encode_as_b62(s):
    """The md5 of a text in base 62, of which uids are the beginning.

    Args:
        s (str): the text.

    Example:

        >>> ln.setup.core.hashing.hash_and_encode_as_b62("CL:0000084")[:14]
        '22LvKd01YyNA1a'
    """
    return _core.derived_uid(s, _WHOLE)


def hash_code(file_path):
    """The hash of a file as git names it.

    Args:
        file_path (str | PathLike): the file.

    Returns:
        hashlib.HASH: with `hexdigest()`.

    Example:

        >>> ln.setup.core.hashing.hash_code("reads.txt").hexdigest()[:8]
        '8a737e69'
    """
    with open(file_path, "rb") as file:
        content = file.read()
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content)


def hash_file(file_path, file_size=None, chunk_size=_ENDS):
    """Size, hash and kind of hash of a file.

    Args:
        file_path (str | PathLike): the file.
        file_size (int, optional): not needed: the file says it.
        chunk_size (int, optional): of a larger file only that much of both ends counts.

    Returns:
        tuple[int, str, str]: bytes, hash, "md5" or "sha1-fl".

    Raises:
        FileDoesNotExist: there is no such file.

    Example:

        >>> size, hash, kind = ln.setup.core.hashing.hash_file("reads.txt")
        >>> size, kind
        (5, 'md5')
    """
    if not os.path.isfile(file_path):
        raise FileDoesNotExist(f"there is no file '{os.fspath(file_path)}'")
    size, value, kind, _ = _core.hash_path(os.fspath(file_path), chunk_size or 0)
    return size, value, kind


def hash_dir(path):
    """Size, hash, kind of hash and number of files of a folder.

    Args:
        path (str | PathLike): the folder.

    Returns:
        tuple[int, str, str, int]: bytes, hash, kind of hash, number of files.

    Example:

        >>> ln.setup.core.hashing.hash_dir("plates")[3]
        2
    """
    return _core.hash_path(os.fspath(path), _ENDS)


__getattr__, __dir__ = public(__name__)
