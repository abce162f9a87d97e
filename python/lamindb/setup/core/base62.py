"""Numbers and bytes in base 62, as uids are written: digits, capitals, small letters.

Leading zero bytes, which a number would lose, are kept as "0" and the digit of their count.
"""

__all__ = ["BASE", "CHARSET_DEFAULT", "CHARSET_INVERTED", "decode", "decodebytes", "encode", "encodebytes", "increment_base62"]

CHARSET_DEFAULT = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHARSET_INVERTED = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
BASE = len(CHARSET_DEFAULT)


def encode(n, charset=CHARSET_DEFAULT):
    """A number as text.

    Args:
        n (int): not negative.
        charset (str): the 62 digits.

    Example:

        >>> ln.setup.core.base62.encode(34441886726)
        'base62'
    """
    digits = charset[n % BASE]
    while n >= BASE:
        n //= BASE
        digits = charset[n % BASE] + digits
    return digits


def decode(encoded, charset=CHARSET_DEFAULT):
    """The number that a text stands for.

    Args:
        encoded (str): the text.
        charset (str): the 62 digits.

    Returns:
        int: the number.

    Raises:
        ValueError: the text has other characters.

    Example:

        >>> ln.setup.core.base62.decode("base62")
        34441886726
    """
    _check(encoded, str)
    n = 0
    for digit in encoded:
        n = n * BASE + charset.index(digit)
    return n


def encodebytes(barray, charset=CHARSET_DEFAULT):
    r"""Bytes as text.

    Args:
        barray (bytes): the bytes.
        charset (str): the 62 digits.

    Example:

        >>> ln.setup.core.base62.encodebytes(b"\x00\x01")
        '011'
    """
    _check(barray, bytes)
    zeros = len(barray) - len(barray.lstrip(b"\x00"))
    most = BASE - 1
    head = ("0" + charset[most]) * (zeros // most) + ("0" + charset[zeros % most] if zeros % most else "")
    return head + (encode(int.from_bytes(barray, "big"), charset) if zeros < len(barray) else "")


def decodebytes(encoded, charset=CHARSET_DEFAULT):
    r"""The bytes that a text stands for.

    Args:
        encoded (str): the text.
        charset (str): the 62 digits.

    Raises:
        ValueError: the text has other characters.

    Example:

        >>> ln.setup.core.base62.decodebytes("011")
        b'\x00\x01'
    """
    _check(encoded, str)
    zeros = 0
    while len(encoded) >= 2 and encoded[0] == "0":
        zeros += charset.index(encoded[1])
        encoded = encoded[2:]
    n = decode(encoded, charset)
    return bytes(zeros) + n.to_bytes((n.bit_length() + 7) // 8, "big")


def increment_base62(s):
    """The next text of the same length; after the last one of this length, the first longer one.

    Args:
        s (str): the text.

    Example:

        >>> ln.setup.core.base62.increment_base62("000Z")
        '000a'
    """
    return encode(decode(s) + 1).rjust(len(s), "0")


def _check(value, kind):
    if not isinstance(value, kind):
        raise TypeError(f"a {kind.__name__} is expected, not a {type(value).__name__}")
