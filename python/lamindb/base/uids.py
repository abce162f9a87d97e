"""Random identifiers in base62, in the order 0-9A-Za-z."""

from lamindb import _core
from lamindb._surface.lazy import public


def base62(n_char):
    """Random characters of 0-9A-Za-z.

    Args:
        n_char (int): how many.

    Example:

        >>> len(ln.base.uids.base62(8))
        8
    """
    return _core.random_uid(n_char)


def base62_4():
    """4 random characters, for a default of a field.

    Example:

        >>> len(ln.base.uids.base62_4())
        4
    """
    return base62(4)


def base62_8():
    """8 random characters, for a default of a field.

    Example:

        >>> len(ln.base.uids.base62_8())
        8
    """
    return base62(8)


def base62_12():
    """12 random characters, for a default of a field.

    Example:

        >>> len(ln.base.uids.base62_12())
        12
    """
    return base62(12)


def base62_16():
    """16 random characters, for a default of a field.

    Example:

        >>> len(ln.base.uids.base62_16())
        16
    """
    return base62(16)


def base62_20():
    """20 random characters, for a default of a field.

    Example:

        >>> len(ln.base.uids.base62_20())
        20
    """
    return base62(20)


def base62_24():
    """24 random characters, for a default of a field.

    Example:

        >>> len(ln.base.uids.base62_24())
        24
    """
    return base62(24)


def base64(n_char):
    """Random characters that may be in a URL: those of base62, "-" and "_".

    Args:
        n_char (int): how many.

    Example:

        >>> len(ln.base.uids.base64(8))
        8
    """
    return _random("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_", n_char)


def base26(n_char):
    """Random lower-case letters.

    Args:
        n_char (int): how many.

    Example:

        >>> ln.base.uids.base26(8).islower()
        True
    """
    return _random("abcdefghijklmnopqrstuvwxyz", n_char)


def _random(alphabet, n_char):
    from secrets import choice

    return "".join(choice(alphabet) for _ in range(n_char))


__getattr__, __dir__ = public(__name__)
