"""Checkpoints of PyTorch Lightning as artifacts, with what is known of them as features.

What needs the package lightning is in `lightning_callbacks`, which is imported when it is used.
"""

from lamindb._surface.lazy import public

_EVENTS = ("ArtifactEvent", "ArtifactSavedEvent", "ArtifactRemovedEvent", "ArtifactObserver", "ArtifactPublisher", "LaminArtifactPublisher")
_CALLBACKS = ("Checkpoint", "SaveConfigCallback", "Callback")
__getattr__, __dir__ = public(__name__, {
    **dict.fromkeys(_EVENTS, "lamindb.integrations.lightning_events"),
    **dict.fromkeys(_CALLBACKS, "lamindb.integrations.lightning_callbacks"),
    "ArtifactPublishingModelCheckpoint": "lamindb.integrations.lightning_publishing",
    "save_lightning_features": "lamindb.integrations.lightning_features",
})  # fmt: skip
