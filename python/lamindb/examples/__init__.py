"""lamindb.examples: names of LaminDB's interface; those not implemented yet raise when used."""

from lamindb._surface.lazy import public
from lamindb._surface.places import enter

_PLACES = enter(__name__, {
    "mlflow": ("lamindb.examples.trackers", "save_mlflow_features"),
    "wandb": ("lamindb.examples.trackers", "save_wandb_features"),
})  # fmt: skip
__all__ = ["cellxgene", "croissant", "datasets", "mlflow", "schemas", "wandb"]
__getattr__, __dir__ = public(__name__, modules=("cellxgene", "croissant", "datasets", "fixtures", "schemas", *_PLACES))
