"""What is known of a training, as features of runs and checkpoints; needs no lightning."""

from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb._tracking.context import context

TYPE = "lamindb.lightning"
OF_RUNS = {
    "logger_name": str, "logger_version": str, "max_epochs": int, "max_steps": int, "precision": str, "accumulate_grad_batches": int,
    "gradient_clip_val": float, "monitor": str, "mode": str,
}  # fmt: skip
OF_CHECKPOINTS = {
    "is_best_model": bool, "is_last_model": bool, "score": float, "model_rank": int, "save_weights_only": bool, "monitor": str, "mode": str,
}  # fmt: skip


def save_lightning_features():
    """Saves the features with which `Checkpoint` describes runs and checkpoints, of type `lamindb.lightning`.

    Of checkpoints: is_best_model, is_last_model, score, model_rank, save_weights_only, monitor, mode. Of runs: logger_name,
    logger_version, max_epochs, max_steps, precision, accumulate_grad_batches, gradient_clip_val, monitor, mode.

    Example:

        >>> from lamindb.integrations import lightning
        >>> lightning.save_lightning_features()
        >>> ln.Feature.get(name="model_rank").type.name
        'lamindb.lightning'
    """
    feature = class_of("Feature")
    with logger._quietly():
        kind = feature.filter(name=TYPE, is_type=True).one_or_none()
        if kind is None:
            kind = feature(name=TYPE, description="What Lightning knows of a training", is_type=True).save()
        for name, dtype in (OF_CHECKPOINTS | OF_RUNS).items():
            feature(name=name, dtype=dtype, type=kind).save()


class Annotations:
    """The features of one callback: those it found registered, and those that a user named.

    `given`: {"run": {name: value}, "artifact": {name: value, or None for what the trainer says}}.
    """

    def __init__(self, given):
        given = given or {}
        if unknown := sorted(set(given) - {"run", "artifact"}):
            raise ValueError(f"Invalid feature keys {unknown}: features has the keys 'run' and 'artifact'")
        self.of_run, self.of_artifact = dict(given.get("run", {})), dict(given.get("artifact", {}))
        self._known, self._hparams, self._run_done = {}, set(), False

    def find(self, *sources):
        """Which features are registered: its own type's, and those named as the hyperparameters of `sources`."""
        feature = class_of("Feature")
        wanted = set(self.of_run) | set(self.of_artifact)
        if missing := sorted(wanted - set(feature.filter(name__in=list(wanted)).to_list("name"))):
            them = "them" if len(missing) > 1 else "it"
            raise ValueError(f"Feature{'s' * (len(missing) > 1)} {', '.join(missing)} missing. Create {them} first.")
        kind = feature.filter(name=TYPE, is_type=True).one_or_none()
        self._known = {} if kind is None else {known.name: known for known in feature.filter(type=kind)}
        names = [name for source in sources for name in getattr(source, "hparams", None) or ()]
        self._hparams = set(feature.filter(name__in=names).to_list("name")) if names else set()
        if context.run is not None and self.of_run:
            context.run.features.add_values(self.of_run)

    def _registered(self, values):
        return {self._known[name]: value for name, value in values.items() if name in self._known and value is not None}

    def describe_run(self, trainer, monitor, mode):
        """Describes the tracked run, once."""
        if context.run is None or self._run_done:
            return
        self._run_done = True
        values = self._registered({
            "max_epochs": trainer.max_epochs, "max_steps": trainer.max_steps, "precision": str(trainer.precision),
            "accumulate_grad_batches": trainer.accumulate_grad_batches, "gradient_clip_val": trainer.gradient_clip_val,
            "monitor": monitor, "mode": mode, **_of_logger(trainer),
        })  # fmt: skip
        for source in (trainer.lightning_module, trainer.datamodule):
            for name, value in (getattr(source, "hparams", None) or {}).items():
                if name in self._hparams:
                    values[name] = value
        if values:
            context.run.features.add_values(values)

    def of_checkpoint(self, trainer, *, is_best, score, weights_only, monitor, mode):
        """{feature: value} of a new checkpoint."""
        values = self._registered({
            "is_best_model": is_best, "is_last_model": True, "score": None if score is None else float(_plain(score)),
            "save_weights_only": weights_only, "monitor": monitor, "mode": mode,
        })  # fmt: skip
        for name, value in self.of_artifact.items():
            if value is None and hasattr(trainer, name):
                value = getattr(trainer, name)
            elif value is None and name in trainer.callback_metrics:
                value = float(_plain(trainer.callback_metrics[name]))
            if value is not None:
                values[name] = value
        return values

    def no_longer(self, name, prefix):
        """Other checkpoints below a key are no longer the best, or the last."""
        feature = self._known.get(name)
        for artifact in self._with_value(feature, prefix, True):
            artifact.features.remove_values(feature, value=True)
            artifact.features.add_values({feature: False})

    def rank(self, prefix, mode):
        """Numbers the checkpoints below a key by their scores: 0 is the best."""
        score, rank = self._known.get("score"), self._known.get("model_rank")
        if score is None or rank is None:
            return
        scored = [(artifact, _value(artifact, score), _value(artifact, rank)) for artifact in self._with_value(score, prefix)]
        scored.sort(key=lambda one: one[1], reverse=mode == "max")
        for place, (artifact, _, former) in enumerate(scored):
            if former == place:
                continue
            if former is not None:
                artifact.features.remove_values(rank, value=former)
            artifact.features.add_values({rank: place})

    @staticmethod
    def _with_value(feature, prefix, value=None):
        if feature is None:
            return []
        wanted = {"json_values__feature": feature, "key__startswith": f"{prefix}/"}
        if value is not None:
            wanted["json_values__value"] = value
        return class_of("Artifact").filter(**wanted).distinct().to_list()


def _value(artifact, feature):
    found = artifact.json_values.filter(feature=feature).first()
    return None if found is None else found.value


def _plain(number):
    return number.item() if hasattr(number, "item") else number


def _of_logger(trainer):
    if not trainer.loggers:
        return {}
    version = trainer.loggers[0].version
    return {"logger_name": trainer.loggers[0].name, "logger_version": version if isinstance(version, str) else f"version_{version}"}
