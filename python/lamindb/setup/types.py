"""Types in signatures of `ln.setup`."""

from lamindb._surface.lazy import public

__getattr__, __dir__ = public(__name__, dict.fromkeys(("AnyPath", "AnyPathStr", "StorageType"), "lamindb.base._aliases"))
