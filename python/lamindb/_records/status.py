"""The status of runs, branches and projects: shown as a word, stored as a code."""


def status_code(codes, status):
    """The code of a status. Raises ValueError, listing the known ones."""
    if not isinstance(status, str) or status not in codes:
        raise ValueError(f"status is {status!r} but has to be one of {list(codes)}")
    return codes[status]


def status_keyword(codes):
    """For `_aliases`: a query may name one status or several."""

    def translated(given):
        several = isinstance(given, (list, tuple, set))
        return "_status_code", [status_code(codes, status) for status in given] if several else status_code(codes, given)

    return translated
