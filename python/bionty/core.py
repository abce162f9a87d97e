"""The base of bionty's registries, and their public sources."""

from lamindb._surface.lazy import public

__getattr__, __dir__ = public(
    __name__,
    {
        "BioRecord": "lamindb._records.ontology",
        "Settings": "bionty._settings",
        "StaticReference": "lamindb._records.public",
        "sync_public_sources": "lamindb._records.sources",
    },
)
