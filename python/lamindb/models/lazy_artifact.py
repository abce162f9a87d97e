"""An artifact whose content is written before the artifact exists."""

from lamindb import _core
from lamindb._process.classes import class_of
from lamindb._process.paths import upath
from lamindb._datasets.writers import remove


class LazyArtifact:
    """A path to write to, which becomes an artifact when it is saved.

    What is written is moved to the storage by `save()`; until then, nobody sees it. If the process ends before, `lamin gc`
    removes it.

    Args:
        suffix (str): how the path ends, such as ".zarr".
        overwrite_versions (bool): keep only the newest version.
        **kwargs: of :meth:`Artifact`, such as `key` and `description`.

    Raises:
        ValueError: the key ends in another way.

    Example:

        >>> lazy = ln.Artifact.from_lazy(".txt", overwrite_versions=False, key="streamed.txt")
        >>> _ = lazy.path.write_text("written in parts")
        >>> lazy.save().size
        16
    """

    def __init__(self, suffix, overwrite_versions, **kwargs):
        self.kwargs = {**kwargs, "overwrite_versions": overwrite_versions}
        self._path = _core.lazy_source(suffix, kwargs.get("key") or "")

    @property
    def path(self):
        """Where to write the content (a UPath)."""
        return upath(self._path)

    def save(self, upload=None, **kwargs):
        """Makes the artifact and saves it.

        Args:
            upload (bool, optional): of :meth:`Artifact.save`.
            **kwargs: of :meth:`Artifact.save`.

        Returns:
            Artifact: the saved artifact; a known one if its content is known.

        Raises:
            FileDoesNotExist: nothing was written to the path.

        Example:

            >>> lazy = ln.Artifact.from_lazy(".txt", overwrite_versions=False, description="a note")
            >>> _ = lazy.path.write_text("short")
            >>> lazy.save().description
            'a note'
        """
        artifact = class_of("Artifact")(self._path, temporary_source=True, **self.kwargs).save(upload=upload, **kwargs)
        remove(self._path)
        return artifact

    def __repr__(self):
        given = {name: value for name, value in self.kwargs.items() if value is not None}
        return f"LazyArtifact object with\n path: {self._path}\n arguments: {given}"
