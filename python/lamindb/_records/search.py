"""Searching all registries at once."""

from .. import _core
from .._process import session as _session


def search(string, *, field=None, limit=20, case_sensitive=False, fuzzy=False):
    """Records of any registry whose texts contain the string, best first; with `fuzzy` also those that nearly do."""
    if string is None:
        raise ValueError("Cannot search for None value! Please pass a valid string.")
    options = {"field": field, "limit": limit, "case_sensitive": case_sensitive, "fuzzy": fuzzy}
    return _core.search_all(_session.current(), string, options)
