"""What a checkpoint callback tells others, and what saves its files; needs no lightning."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from lamindb._datasets.inputs import note_input
from lamindb._process.classes import class_of


@dataclass(frozen=True)
class ArtifactEvent:
    """Something happened to a file of a training.

    Attributes:
        kind ("checkpoint" | "config" | "hparams"): what the file is.
        key (str): key of the artifact.
        local_path (Path): the file that Lightning wrote.
        trainer (Trainer): whose file it is.
    """

    kind: str
    key: str
    local_path: Path
    trainer: Any


@dataclass(frozen=True)
class ArtifactSavedEvent(ArtifactEvent):
    """A file was saved.

    Attributes:
        artifact (Artifact): the saved artifact.
        storage_uri (str): where its bytes are, for other registries of models.
    """

    artifact: Any
    storage_uri: str


@dataclass(frozen=True)
class ArtifactRemovedEvent(ArtifactEvent):
    """Lightning removed a checkpoint, as it keeps only the best.

    Attributes:
        artifact (Artifact | None): what was saved of it, while it still exists.
        storage_uri (str | None): where its bytes are.
    """

    artifact: Any = None
    storage_uri: str | None = None


class ArtifactObserver(Protocol):
    """Who wants to hear of saved and removed files, such as another registry of models. Either method may be missing.

    Example::

        class Printer:
            def on_artifact_saved(self, event):
                print(event.key, event.storage_uri)


        Checkpoint(artifact_observers=[Printer()])
    """

    def on_artifact_saved(self, event: ArtifactSavedEvent) -> None:
        """Called after a file was saved.

        Args:
            event (ArtifactSavedEvent): which file.
        """

    def on_artifact_removed(self, event: ArtifactRemovedEvent) -> None:
        """Called after Lightning removed a checkpoint.

        Args:
            event (ArtifactRemovedEvent): which file.
        """


class ArtifactPublisher(Protocol):
    """What saves the files of a training. `LaminArtifactPublisher` saves them as artifacts."""

    def create_artifact(
        self, local_path, *, key, description, kind=None, key_is_virtual=True, add_as_input_to_run=False, skip_hash_lookup=False
    ):
        """Saves a file.

        Args:
            local_path (str | PathLike): the file.
            key (str): key of the artifact.
            description (str): what it is.
            kind (str, optional): "model", "config".
            key_is_virtual (bool): False stores it under its key.
            add_as_input_to_run (bool): it is an input of the run, not a result.
            skip_hash_lookup (bool): a new artifact even if the content is known.

        Returns:
            Any: what was saved.
        """

    def storage_uri(self, artifact) -> str:
        """Where its bytes are.

        Args:
            artifact (Any): what `create_artifact` returned.
        """
        ...


class LaminArtifactPublisher:
    """Saves the files of a training as artifacts.

    Example::

        LaminArtifactPublisher().create_artifact("last.ckpt", key="models/last.ckpt", description="model checkpoint", kind="model")
    """

    def create_artifact(
        self, local_path, *, key, description, kind=None, key_is_virtual=True, add_as_input_to_run=False, skip_hash_lookup=False
    ):
        """Saves a file as an artifact.

        Arguments as in :meth:`ArtifactPublisher.create_artifact`.

        Returns:
            Artifact: as saved.

        Example::

            LaminArtifactPublisher().create_artifact("config.yaml", key="run/config.yaml", description="config")
        """
        run = {"run": False} if add_as_input_to_run else {}
        artifact = class_of("Artifact")(
            local_path, key=key, description=description, kind=kind, key_is_virtual=key_is_virtual, skip_hash_lookup=skip_hash_lookup, **run
        ).save()
        if add_as_input_to_run:
            note_input(artifact, True)
        return artifact

    def storage_uri(self, artifact):
        """Where its bytes are (str).

        Args:
            artifact (Artifact): a saved artifact.

        Example::

            LaminArtifactPublisher().storage_uri(artifact)
        """
        return str(artifact.path)
