"""Features for the ids that experiment trackers give their runs, so that runs and models can be found by them."""

from lamindb._process.classes import class_of
from lamindb._process.logger import logger


def _save(type_name, features):
    """Features of these names and dtypes, below a type; existing ones stay."""
    feature = class_of("Feature")
    with logger._quietly():
        kind = feature(name=type_name, is_type=True).save()
        for name, dtype in features.items():
            feature(name=name, dtype=dtype, type=kind).save()


def save_mlflow_features():
    """Saves the features that describe a run of MLflow, of type MLflow: `mlflow_run_id`, `mlflow_experiment_id`, ...

    Example:

        >>> ln.examples.mlflow.save_mlflow_features()
        >>> ln.Feature.get(name="mlflow_run_id").type.name
        'MLflow'
    """
    texts = ("run_id", "run_name", "experiment_id", "experiment_name", "user_id", "status", "lifecycle_stage", "artifact_uri")
    _save("MLflow", {f"mlflow_{name}": str for name in texts} | {f"mlflow_{name}": int for name in ("start_time", "end_time")})


def save_wandb_features():
    """Saves the features that describe a run of Weights & Biases, of that type: `wandb_run_id`, `wandb_project`, ...

    Example:

        >>> ln.examples.wandb.save_wandb_features()
        >>> ln.Feature.get(name="wandb_run_id").type.name
        'Weights & Biases'
    """
    texts = ("run_id", "run_name", "run_entity", "project", "state", "url", "tags", "group", "job_type")
    _save("Weights & Biases", {f"wandb_{name}": str for name in texts} | {f"wandb_{name}": float for name in ("timestamp", "runtime")})
