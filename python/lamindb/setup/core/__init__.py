"""Settings objects of `ln.setup`."""

from lamindb._process.instance import InstanceSettings, SetupSettings, StorageSettings, UserSettings
from lamindb._surface.lazy import public

__all__ = ["InstanceSettings", "SetupSettings", "StorageSettings", "UserSettings"]
__getattr__, __dir__ = public(__name__, {"CanonicalSuffix": "lamindb.base.canonical_suffix"}, modules=("base62", "hashing", "upath"))
