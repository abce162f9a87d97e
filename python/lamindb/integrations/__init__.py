"""lamindb.integrations: names of LaminDB's interface; those not implemented yet raise when used."""

from lamindb._surface.lazy import public
from lamindb._surface.places import enter

_PLACES = enter(__name__, {
    "lightning": (None, "ArtifactEvent ArtifactObserver ArtifactPublisher ArtifactPublishingModelCheckpoint ArtifactRemovedEvent "
                        "ArtifactSavedEvent Checkpoint LaminArtifactPublisher SaveConfigCallback save_lightning_features"),
    "notion": (None, "NotionSyncer ProjectSyncer RecordSyncer sync_objects_from_notion"),
})  # fmt: skip
__all__ = ["jupyter", "lightning", "notion"]
__getattr__, __dir__ = public(__name__, {"curate_from_croissant": "lamindb.curators.croissant"}, modules=(*_PLACES, "jupyter"))
