"""Types, uids and helpers."""

from lamindb._surface.lazy import public
from lamindb._surface.places import enter

_PLACES = enter(__name__, {
    "utils": ("lamindb.base", "deprecated doc_args"),
})  # fmt: skip
__all__ = ["types", "uids", "fields", "dtypes", "users"]
__getattr__, __dir__ = public(__name__, modules=(*__all__, "ids", *_PLACES))
