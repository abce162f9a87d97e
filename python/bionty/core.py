"""The base of bionty's registries."""

from lamindb._surface.lazy import public

__getattr__, __dir__ = public(__name__, {"BioRecord": "lamindb._records.ontology", "Settings": "bionty._settings"})
