"""lamindb.integrations: other tools' datasets, trackers, pages and workflows."""

from lamindb._surface.lazy import public

_WHERE = {
    "curate_from_croissant": "lamindb.curators.croissant", "import_run": "lamindb._tracking.workflows",
    "save_vitessce_config": "lamindb.integrations.vitessce", "save_tiledbsoma_experiment": "lamindb._datasets.soma",
}  # fmt: skip
__all__ = ["import_run", "jupyter", "lightning", "notion"]
__getattr__, __dir__ = public(__name__, _WHERE, modules=("jupyter", "lightning", "notion"))
