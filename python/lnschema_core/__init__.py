"""The registries of lamindb under their name until 2024."""

from lamindb._surface import former
from lamindb._surface.places import enter

__getattr__, __dir__ = former.module(__name__, "lamindb.models")
enter(__name__, {"models": ("lamindb.models", "*"), "types": ("lamindb.base.types", "*"), "ids": ("lamindb.base.uids", "*")})
