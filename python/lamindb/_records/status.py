"""The status of runs, branches and projects: shown as a word, stored as a code."""


def status_code(codes, status, registry):
    """The code of a status. Raises ValueError, listing the known ones."""
    if not isinstance(status, str) or status not in codes:
        raise ValueError(f"Invalid {registry} status {status!r}. Expected one of: {', '.join(map(repr, codes))}.")
    return codes[status]


def status_keyword(codes, registry):
    """For `_aliases`: a query may name one status or several, by word or code."""

    def code(status):
        return status if type(status) is int and status in codes.values() else status_code(codes, status, registry)

    def translated(given):
        several = isinstance(given, (list, tuple, set))
        return "_status_code", [code(status) for status in given] if several else code(given)

    return translated
