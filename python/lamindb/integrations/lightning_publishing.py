"""What a callback of Lightning that saves its files somewhere tells others."""

from pathlib import Path

from lamindb.integrations.lightning_events import ArtifactRemovedEvent, ArtifactSavedEvent

try:
    from lightning.pytorch.callbacks import ModelCheckpoint
except ImportError as missing:
    raise ImportError("Checkpoint is a callback of Lightning: pip install lightning") from missing


class ArtifactPublishingModelCheckpoint(ModelCheckpoint):
    """A ModelCheckpoint that tells observers which files were saved and removed; how they are saved is up to its subclasses.

    Args:
        *args: of ModelCheckpoint.
        artifact_observers (list[ArtifactObserver], optional): who wants to hear of it.
        **kwargs: of ModelCheckpoint.

    Example::

        class Mine(ArtifactPublishingModelCheckpoint):
            def save_checkpoint_artifact(self, trainer, filepath, *, feature_values=None): ...
    """

    def __init__(self, *args, artifact_observers=None, **kwargs):
        super().__init__(*args, **kwargs)
        self._observers = list(artifact_observers or [])
        self._latest = dict.fromkeys(("checkpoint", "config", "hparams"))
        self._last_event = None

    @property
    def last_checkpoint_artifact(self):
        """The checkpoint saved last (Artifact | None)."""
        return self._latest["checkpoint"]

    @property
    def last_config_artifact(self):
        """The configuration saved last (Artifact | None)."""
        return self._latest["config"]

    @property
    def last_hparams_artifact(self):
        """The hyperparameters saved last (Artifact | None)."""
        return self._latest["hparams"]

    @property
    def last_artifact_event(self):
        """What happened last (ArtifactSavedEvent | ArtifactRemovedEvent | None)."""
        return self._last_event

    def get_last_artifact(self, kind):
        """What was saved last of a kind.

        Args:
            kind ("checkpoint" | "config" | "hparams"): which one.

        Example::

            callback.get_last_artifact("checkpoint")
        """
        return self._latest[kind]

    def add_artifact_observer(self, observer):
        """From now on tells an observer too.

        Args:
            observer (ArtifactObserver): whom.

        Example::

            callback.add_artifact_observer(observer)
        """
        self._observers.append(observer)

    def remove_artifact_observer(self, observer):
        """From now on does not tell an observer.

        Args:
            observer (ArtifactObserver): whom.

        Example::

            callback.remove_artifact_observer(observer)
        """
        self._observers.remove(observer)

    def resolve_artifact_storage_uri(self, artifact):
        """Where the bytes of a saved file are: for a subclass to say.

        Args:
            artifact (Any): what was saved.

        Example::

            callback.resolve_artifact_storage_uri(artifact)
        """
        raise NotImplementedError

    def resolve_artifact_key(self, trainer, filepath, kind):
        """The key of a file: for a subclass to say.

        Args:
            trainer (Trainer): whose file it is.
            filepath (str | PathLike): the file.
            kind ("checkpoint" | "config" | "hparams"): what it is.

        Example::

            callback.resolve_artifact_key(trainer, "last.ckpt", "checkpoint")
        """
        raise NotImplementedError

    def save_checkpoint_artifact(self, trainer, filepath, *, feature_values=None):
        """Saves a checkpoint: for a subclass to do.

        Args:
            trainer (Trainer): whose it is.
            filepath (str | PathLike): the file.
            feature_values (dict, optional): what is known of it.

        Example::

            callback.save_checkpoint_artifact(trainer, "last.ckpt")
        """
        raise NotImplementedError

    def save_config_artifact(self, trainer, config_path):
        """Saves a configuration: for a subclass to do.

        Args:
            trainer (Trainer): whose it is.
            config_path (str | PathLike): the file.

        Example::

            callback.save_config_artifact(trainer, "config.yaml")
        """
        raise NotImplementedError

    def save_hparams_artifact(self, trainer, hparams_path):
        """Saves hyperparameters: for a subclass to do.

        Args:
            trainer (Trainer): whose they are.
            hparams_path (str | PathLike): the file.

        Example::

            callback.save_hparams_artifact(trainer, "hparams.yaml")
        """
        raise NotImplementedError

    def on_artifact_saved(self, event):
        """Called after a file was saved; does nothing unless a subclass says so.

        Args:
            event (ArtifactSavedEvent): which file.

        Example::

            callback.on_artifact_saved(event)
        """

    def on_artifact_removed(self, event):
        """Called after Lightning removed a checkpoint; does nothing unless a subclass says so.

        Args:
            event (ArtifactRemovedEvent): which file.

        Example::

            callback.on_artifact_removed(event)
        """

    def _tell(self, event, method):
        self._last_event = event
        getattr(self, method)(event)
        for observer in tuple(self._observers):
            hears = getattr(observer, method, None)
            if callable(hears):
                hears(event)

    def _saved(self, trainer, kind, key, artifact, path):
        self._latest[kind] = artifact
        uri = self.resolve_artifact_storage_uri(artifact)
        event = ArtifactSavedEvent(kind=kind, key=key, local_path=Path(path), trainer=trainer, artifact=artifact, storage_uri=uri)
        self._tell(event, "on_artifact_saved")

    def _removed(self, trainer, kind, key, artifact, path):
        uri = None if artifact is None else self.resolve_artifact_storage_uri(artifact)
        event = ArtifactRemovedEvent(kind=kind, key=key, local_path=Path(path), trainer=trainer, artifact=artifact, storage_uri=uri)
        self._tell(event, "on_artifact_removed")
