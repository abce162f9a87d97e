"""Callbacks of Lightning that save checkpoints, hyperparameters and configurations as artifacts."""

import warnings
from pathlib import Path

from lamindb._process.classes import class_of
from lamindb._tracking.context import context
from lamindb.integrations.lightning_events import LaminArtifactPublisher
from lamindb.integrations.lightning_features import Annotations
from lamindb.integrations.lightning_publishing import ArtifactPublishingModelCheckpoint
from lightning.pytorch import Callback as _Callback
from lightning.pytorch.cli import SaveConfigCallback as _SaveConfigCallback


class Checkpoint(ArtifactPublishingModelCheckpoint):
    """A ModelCheckpoint that saves each checkpoint as an artifact, and says as features how good it is.

    The key of a checkpoint begins with `dirpath`, otherwise with what the first logger says (folder/name/version); with a tracked run its uid
    is part of it. Features are set if `save_lightning_features` registered them, hyperparameters if there are features of their names.

    Args:
        dirpath (str | PathLike, optional): folder of the checkpoints, and beginning of their keys.
        features (dict, optional): {"run": {name: value}, "artifact": {name: value, or None for what the trainer says}}.
        run_uid_is_version (bool): the uid of the tracked run is part of keys.
        key_is_virtual (bool): False stores files under their keys.
        artifact_observers (list[ArtifactObserver], optional): who wants to hear of saved and removed files.
        **kwargs: of ModelCheckpoint, such as `monitor`, `mode` and `save_top_k`.

    Raises:
        ValueError: a feature is not registered.
        ImportError: lightning is not installed.

    Example::

        from lamindb.integrations import lightning

        lightning.save_lightning_features()
        trainer = Trainer(callbacks=[lightning.Checkpoint(monitor="val_loss", save_top_k=3)])
    """

    def __init__(self, dirpath=None, *, features=None, run_uid_is_version=True, key_is_virtual=True, artifact_observers=None, **kwargs):
        super().__init__(dirpath=dirpath, artifact_observers=artifact_observers, **kwargs)
        self._given_dirpath = dirpath
        self._annotations = Annotations(features)
        self._run_uid_is_version, self._key_is_virtual = run_uid_is_version, key_is_virtual
        self._publisher = LaminArtifactPublisher()
        self._trainer, self._hparams_done = None, False

    def setup(self, trainer, pl_module, stage):
        """Called by Lightning before it begins: checks that the features are registered.

        Args:
            trainer (Trainer): whose callback it is.
            pl_module (LightningModule): what is trained.
            stage (str): "fit", ...

        Example::

            callback.setup(trainer, model, "fit")
        """
        super().setup(trainer, pl_module, stage)
        self._trainer = trainer
        if self.save_last:
            warnings.warn("save_last copies a file that the feature is_last_model finds anyway", UserWarning, stacklevel=2)
        if trainer.is_global_zero:
            self._annotations.find(pl_module, trainer.datamodule)

    @property
    def base_prefix(self):
        """What the keys of all its files begin with (str); known once it is set up."""
        if self._trainer is None:
            raise RuntimeError("the keys are known once the training begins: call trainer.fit() first")
        return self._base(self._trainer)

    @property
    def checkpoint_key_prefix(self):
        """What the keys of its checkpoints begin with (str)."""
        return "/".join(part for part in (self.base_prefix, "checkpoints") if part)

    def _base(self, trainer):
        run = context.run.uid if self._run_uid_is_version and context.run is not None else ""
        if self._given_dirpath is not None:
            parts = [str(self._given_dirpath).strip("/"), run]  # a key is relative
        elif trainer.loggers:
            folder, name, version = _place(trainer)
            parts = [folder.name, name, run or version]
        else:
            parts = [run]
        return "/".join(part for part in parts if part)

    def resolve_artifact_storage_uri(self, artifact):
        """Where the bytes of a saved file are (str).

        Args:
            artifact (Artifact): what was saved.

        Example::

            callback.resolve_artifact_storage_uri(callback.last_checkpoint_artifact)
        """
        return self._publisher.storage_uri(artifact)

    def resolve_artifact_key(self, trainer, filepath, kind):
        """The key of a file (str).

        Arguments as in :meth:`ArtifactPublishingModelCheckpoint.resolve_artifact_key`.

        Example::

            callback.resolve_artifact_key(trainer, "last.ckpt", "checkpoint")
        """
        folder = "" if kind == "config" else "checkpoints"
        return "/".join(part for part in (self._base(trainer), folder, Path(filepath).name) if part)

    def _publish(self, trainer, path, file_kind, **given):
        key = self.resolve_artifact_key(trainer=trainer, filepath=path, kind=file_kind)
        return key, self._publisher.create_artifact(path, key=key, key_is_virtual=self._key_is_virtual, skip_hash_lookup=True, **given)

    def save_checkpoint_artifact(self, trainer, filepath, *, feature_values=None):
        """Saves a checkpoint, in place of a former one of its key.

        Args:
            trainer (Trainer): whose it is.
            filepath (str | PathLike): the file.
            feature_values (dict, optional): what is known of it.

        Returns:
            Artifact: as saved.

        Example::

            callback.save_checkpoint_artifact(trainer, "last.ckpt")
        """
        former = _artifact(self.resolve_artifact_key(trainer=trainer, filepath=filepath, kind="checkpoint"))
        if former is not None:
            former.delete(permanent=True, storage=True)
        key, artifact = self._publish(trainer, filepath, "checkpoint", description="model checkpoint", kind="model")
        if feature_values:
            artifact.features.add_values(feature_values)
        self._saved(trainer, "checkpoint", key, artifact, filepath)
        return artifact

    def save_config_artifact(self, trainer, config_path):
        """Saves a configuration, as an input of the tracked run.

        Args:
            trainer (Trainer): whose it is.
            config_path (str | PathLike): the file.

        Returns:
            Artifact: as saved.

        Example::

            callback.save_config_artifact(trainer, "config.yaml")
        """
        about = {"description": "Lightning CLI config", "kind": "config", "add_as_input_to_run": True}
        key, artifact = self._publish(trainer, config_path, "config", **about)
        self._saved(trainer, "config", key, artifact, config_path)
        return artifact

    def save_hparams_artifact(self, trainer, hparams_path):
        """Saves the hyperparameters that Lightning wrote.

        Args:
            trainer (Trainer): whose they are.
            hparams_path (str | PathLike): the file.

        Returns:
            Artifact | None: as saved; None if Lightning wrote none.

        Example::

            callback.save_hparams_artifact(trainer, "hparams.yaml")
        """
        if not Path(hparams_path).exists():
            return None
        key, artifact = self._publish(trainer, hparams_path, "hparams", description="Lightning run hyperparameters", kind="config")
        self._saved(trainer, "hparams", key, artifact, hparams_path)
        return artifact

    def _save_checkpoint(self, trainer, filepath):
        super()._save_checkpoint(trainer, filepath)
        if not trainer.is_global_zero:
            return
        if not self._hparams_done:
            self._hparams_done = self.save_hparams_artifact(trainer, _log_folder(trainer) / "hparams.yaml") is not None
        prefix, is_best = self.checkpoint_key_prefix, self.best_model_path == str(filepath)
        self._annotations.describe_run(trainer, self.monitor, self.mode)
        values = self._annotations.of_checkpoint(
            trainer, is_best=is_best, score=self.current_score, weights_only=self.save_weights_only, monitor=self.monitor, mode=self.mode
        )
        self._annotations.no_longer("is_last_model", prefix)
        if is_best:
            self._annotations.no_longer("is_best_model", prefix)
        self.save_checkpoint_artifact(trainer, filepath, feature_values=values)
        self._annotations.rank(prefix, self.mode)

    def _remove_checkpoint(self, trainer, filepath):
        super()._remove_checkpoint(trainer, filepath)
        if not trainer.is_global_zero:
            return
        key = self.resolve_artifact_key(trainer=trainer, filepath=filepath, kind="checkpoint")
        artifact = _artifact(key)
        self._removed(trainer, "checkpoint", key, artifact, filepath)
        if artifact is not None:
            artifact.delete(permanent=True, storage=True)


class SaveConfigCallback(_SaveConfigCallback):
    """Lightning's SaveConfigCallback that also saves the configuration as an artifact, beside the checkpoints.

    Example::

        LightningCLI(Model, Data, save_config_callback=SaveConfigCallback)
    """

    def setup(self, trainer, pl_module, stage):
        """Called by Lightning before it begins: writes and saves the configuration, once.

        Args:
            trainer (Trainer): whose callback it is.
            pl_module (LightningModule): what is trained.
            stage (str): "fit", ...

        Raises:
            RuntimeError: the file exists and is not to be overwritten.

        Example::

            callback.setup(trainer, model, "fit")
        """
        if self.already_saved:
            return
        if self.save_to_log_dir:
            path = self._path(trainer)
            there = trainer.strategy.broadcast(path.exists() if trainer.is_global_zero else False)
            if there and not self.overwrite:
                raise RuntimeError(f"{path} exists: pass save_config_kwargs={{'overwrite': True}}, or use another folder")
            if trainer.is_global_zero:
                path.parent.mkdir(parents=True, exist_ok=True)
                self.parser.save(self.config, path, skip_none=False, overwrite=self.overwrite, multifile=self.multifile)
                for callback in trainer.callbacks:
                    if isinstance(callback, ArtifactPublishingModelCheckpoint):
                        callback.save_config_artifact(trainer, path)
                        break
        if trainer.is_global_zero:
            self.save_config(trainer, pl_module, stage)
            self.already_saved = True
        self.already_saved = trainer.strategy.broadcast(self.already_saved)

    def _path(self, trainer):
        if not trainer.loggers:
            return Path(trainer.default_root_dir) / self.config_filename
        folder, name, version = _place(trainer)
        return folder / name / version / self.config_filename


class Callback(_Callback):
    """Saves one checkpoint after each epoch. Deprecated: use `Checkpoint`.

    Args:
        path (str | PathLike): where Lightning writes it.
        key (str): key of the artifact.
        features (dict, optional): {name: value} of each checkpoint; what the trainer knows takes precedence.

    Example::

        Trainer(callbacks=[Callback("model.ckpt", key="model.ckpt")])
    """

    def __init__(self, path, key, features=None):
        warnings.warn("deprecated: use ll.Checkpoint instead", DeprecationWarning, stacklevel=2)
        self.path, self.key, self.features = Path(path), key, features or {}

    def on_train_start(self, trainer, pl_module):
        """Called by Lightning: checks that the features are registered.

        Args:
            trainer (Trainer): whose callback it is.
            pl_module (LightningModule): what is trained.

        Example::

            callback.on_train_start(trainer, model)
        """
        Annotations({"artifact": self.features}).find()

    def on_train_epoch_end(self, trainer, pl_module):
        """Called by Lightning: saves the checkpoint.

        Args:
            trainer (Trainer): whose callback it is.
            pl_module (LightningModule): what is trained.

        Example::

            callback.on_train_epoch_end(trainer, model)
        """
        trainer.save_checkpoint(self.path)
        artifact = class_of("Artifact")(self.path, key=self.key, kind="model").save()
        values = dict(self.features)
        for name in self.features:
            if hasattr(trainer, name):
                values[name] = getattr(trainer, name)
            elif name in trainer.callback_metrics:
                values[name] = float(trainer.callback_metrics[name])
        if values:
            artifact.features.add_values(values)


def _artifact(key):
    return class_of("Artifact").filter(key=key).one_or_none()


def _place(trainer):
    """Folder, name and version of the first logger."""
    logger = trainer.loggers[0]
    version = logger.version if isinstance(logger.version, str) else f"version_{logger.version}"
    return Path(getattr(logger, "save_dir", None) or trainer.default_root_dir), str(logger.name).rstrip("/"), version.rstrip("/")


def _log_folder(trainer):
    """Where the first logger writes; without asking `trainer.log_dir`, which all processes would have to."""
    if not trainer.loggers:
        return Path(trainer.default_root_dir)
    folder = getattr(trainer.loggers[0], "log_dir", None)
    if folder is not None:
        return Path(folder)
    save_dir, name, version = _place(trainer)
    return save_dir / name / version
