"""Views of Vitessce as artifacts that are linked to the datasets they show."""

import json
import os
import tempfile

from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb.errors import InvalidArgument

__all__ = ["save_vitessce_config"]

_TRANSFORM = {"uid": "kup03MJBsIVa0002", "key": "save_vitessce_config", "kind": "function", "version": "3"}


def save_vitessce_config(vitessce_config, key=None, description=None):
    """Saves a view of Vitessce, with the artifacts it shows as inputs of the run that made it.

    The view is an artifact of kind `__lamindb_config__`, and an action of the dataset. Of several datasets a collection is made.

    Args:
        vitessce_config (vitessce.VitessceConfig): a view of saved artifacts, passed to it as such.
        key (str, optional): key of the view.
        description (str, optional): what it shows; also the key of the collection.

    Returns:
        Artifact: the view.

    Raises:
        ImportError: vitessce is not installed, or is older than 3.4.
        TypeError: it is another object.
        InvalidArgument: it shows no artifacts.

    Example::

        ln.integrations.save_vitessce_config(config, key="views/kidney.vitessce.json", description="kidney")
    """
    try:
        from vitessce import VitessceConfig
    except ImportError as missing:
        raise ImportError("vitessce makes these views: pip install 'vitessce>=3.4'") from missing
    if not isinstance(vitessce_config, VitessceConfig):
        raise TypeError(f"vitessce_config is a VitessceConfig, not a {type(vitessce_config).__name__}")
    if not hasattr(vitessce_config, "get_artifacts"):
        raise ImportError("this vitessce does not tell its artifacts: pip install 'vitessce>=3.4'")
    content, shown = vitessce_config.to_dict(), list(vitessce_config.get_artifacts().values())
    if not shown:
        raise InvalidArgument("the view shows no artifacts: pass artifacts to its wrappers, as in AnnDataWrapper(adata_artifact=artifact)")
    logger.important("the view shows " + ", ".join(artifact.key or artifact.uid for artifact in shown))
    run = class_of("Run")(class_of("Transform")(**_TRANSFORM).save(), status="started").save()
    run.input_artifacts.set(shown)
    if len(shown) == 1:
        dataset = shown[0]
    else:
        dataset = class_of("Collection")(shown, key=description or key or "vitessce", run=run).save()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "config.vitessce.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content, file)
        view = class_of("Artifact")(path, key=key, description=description, run=run, kind="__lamindb_config__").save()
    dataset._actions.add(view)
    _finish(run)
    return view


def _finish(run):
    from datetime import datetime, timezone

    run.finished_at = datetime.now(timezone.utc)
    run._status_code = 0
    run.save()
