"""The status of runs, branches and projects: shown as a word, stored as a code."""


def status_code(codes, status, registry):
    """The code of a status, which may be given as such. Raises ValueError, listing the known ones."""
    if status in codes.values() and not isinstance(status, bool):
        return status
    if not isinstance(status, str) or status not in codes:
        raise ValueError(f"Invalid {registry} status {status!r}. Expected one of: {', '.join(map(repr, codes))}.")
    return codes[status]


def status_keyword(codes, registry):
    """For `_aliases`: a query may name one status or several."""

    def translated(given):
        if isinstance(given, (list, tuple, set)):
            return "_status_code", [status_code(codes, status, registry) for status in given]
        return "_status_code", status_code(codes, given, registry)

    return translated
