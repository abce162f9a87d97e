"""Which endings of names are formats: what the field `suffix` of an artifact may be."""

import os

from .. import _core

_KNOWN = _core.suffix_formats()
SIMPLE_FORMATS = frozenset(_KNOWN["simple"])
COMPOSITE_FORMATS = frozenset(_KNOWN["composite"])
ENCODING_FORMATS = frozenset(_KNOWN["encodings"])


class CanonicalSuffix(str):
    """The suffix of a known format, or "" for any other ending.

    Both programs write it to the same column, so that the formats are fixed; a new one needs a new version.

    Args:
        suffix (str): such as ".csv".

    Example:

        >>> ln.base.types.CanonicalSuffix.from_path("blood/pbmc.v2.h5ad")
        CanonicalSuffix('.h5ad')
    """

    def __new__(cls, suffix=""):
        return super().__new__(cls, suffix)

    simple_formats = SIMPLE_FORMATS
    composite_formats = COMPOSITE_FORMATS
    encoding_formats = ENCODING_FORMATS

    @classmethod
    def from_path(cls, path):
        """The suffix of a path, at which nothing needs to be.

        Args:
            path (str | PathLike): the path.

        Example:

            >>> ln.base.types.CanonicalSuffix.from_path("cells.abc")
            CanonicalSuffix('')
        """
        return cls.extract_from_path(path)[0]

    @classmethod
    def extract_from_path(cls, path):
        """The suffix of a path, and its ending if that is no known format.

        Args:
            path (str | PathLike): the path.

        Returns:
            tuple[CanonicalSuffix, str]: both, in lower case.

        Example:

            >>> ln.base.types.CanonicalSuffix.extract_from_path("cells.ABC")
            (CanonicalSuffix(''), '.abc')
        """
        path = os.fspath(path)
        known = _core.suffix_of(path)
        return cls(known), known or os.path.splitext(path.rstrip("/"))[1].lower()

    def __repr__(self):
        return f"CanonicalSuffix({str(self)!r})"
