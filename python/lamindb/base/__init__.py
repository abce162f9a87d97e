"""Types, uids and helpers."""

from lamindb._surface.lazy import public

__getattr__, __dir__ = public(__name__, modules=("types", "uids", "fields", "dtypes"))
