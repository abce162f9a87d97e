"""bionty under its name until 2024."""

from lamindb._surface import former
from lamindb._surface.places import enter

__getattr__, __dir__ = former.module(__name__, "bionty")
enter(__name__, {"models": ("bionty.models", "*"), "ids": ("bionty.uids", "*")})
