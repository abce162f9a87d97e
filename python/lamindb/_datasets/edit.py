"""Changes of folders that artifacts hold: made in a copy, which becomes a new version."""

import json
import os
import shutil

from .. import _core
from .._process.classes import class_of
from .arrays import open_place


class Edit:
    """A copy of an artifact's folder, which becomes its new version when it is done: others see the old one or the new."""

    def __init__(self, artifact):
        self._artifact = artifact
        self.path = _core.new_draft(artifact.suffix)
        shutil.copytree(os.fspath(artifact._local()), self.path)

    def of_table(self, key, owner):
        """What changes a table of it does; see `TableEdit`."""
        return TableEdit(self, key, owner)

    def reopened(self):
        """Its arrays as they are now."""
        return open_place((self.path,))

    def finish(self, changed, n_observations=None):
        """Saves it as a version of the artifact, which becomes that version; without a change it goes."""
        if not changed:
            return self.forget()
        _consolidate(self.path)
        artifact = self._artifact
        kept = {name: getattr(artifact, name) for name in ("kind", "otype", "description")}
        n_observations = artifact.n_observations if n_observations is None else n_observations
        try:
            version = class_of("Artifact")(self.path, temporary_source=True, revises=artifact, n_observations=n_observations, **kept)
            _core.copy_values(version.save(), artifact)
        except BaseException:
            self.forget()
            raise

    def forget(self):
        """Removes the copy."""
        shutil.rmtree(self.path, ignore_errors=True)


class TableEdit:
    """The change of one table of a SpatialData folder, where `Edit` stands for that of an AnnData folder.

    It is saved when the table is closed; inside of `with artifact.open(mode="r+") as owner` when that ends, with the changes
    of all tables.
    """

    def __init__(self, edit, key, owner):
        self._edit, self._key, self._owner = edit, key, owner

    def reopened(self):
        return self._edit.reopened().child("tables").child(self._key)

    def finish(self, changed):
        if self._owner.entered:
            self._owner.changed |= changed
        elif changed:
            self._owner.close(changed=True)


def _consolidate(path):
    """Renews the copies of the metadata that some writers keep at the root, if there are any."""
    old = any(os.path.exists(os.path.join(path, name)) for name in (".zmetadata", "zmetadata"))
    told = os.path.join(path, "zarr.json")
    if not old and os.path.exists(told):
        with open(told, encoding="utf-8") as file:
            old = "consolidated_metadata" in json.load(file)
    if old:
        import zarr

        zarr.consolidate_metadata(path)
