"""The base of bionty's registries, and their public sources."""

from lamindb._surface.lazy import public

__getattr__, __dir__ = public(
    __name__,
    {
        "BioRecord": "lamindb._records.ontology",
        "GeneReport": "lamindb._records.genes",
        "Settings": "bionty._settings",
        "StaticReference": "lamindb._records.public",
        "bring_release": "lamindb._records.sources",
        "find_genes": "lamindb._records.genes",
        "release_files": "lamindb._records.sources",
        "sync_public_sources": "lamindb._records.sources",
    },
)
