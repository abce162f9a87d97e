"""Searching all registries at once."""

from .. import _core
from .._process import session as _session


def search(string, *, field=None, limit=20, case_sensitive=False, fuzzy=False):
    """Records of any registry whose texts contain the string, best first.

    Args:
        string (str): what to look for.
        field (str | list[str], optional): look in these fields only.
        limit (int): the most records.
        case_sensitive (bool): tell upper and lower case apart.
        fuzzy (bool): also find texts with a wrong letter, or two in ten.

    Returns:
        list[SQLRecord]: records of several registries.

    Raises:
        ValueError: the string is None.

    Example:

        >>> ln.search("lymphocyte")[0].name
        'lymphocyte'
    """
    if string is None:
        raise ValueError("Cannot search for None value! Please pass a valid string.")
    options = {"field": field, "limit": limit, "case_sensitive": case_sensitive, "fuzzy": fuzzy}
    return _core.search_all(_session.current(), string, options)
