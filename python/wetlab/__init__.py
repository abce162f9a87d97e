"""pertdb under its name until 2024."""

from lamindb._surface import former
from lamindb._surface.places import enter

__getattr__, __dir__ = former.module(__name__, "pertdb")
enter(__name__, {"models": ("pertdb.models", "*")})
