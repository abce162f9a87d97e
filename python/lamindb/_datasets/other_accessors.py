"""SpatialData folders, and HDF5 files and zarr folders that are no AnnData, as `Artifact.open()` gives them."""

from .accessor import AnnDataAccessor


class TablesAccessor:
    """The tables of a SpatialData object, by name, each an AnnDataAccessor.

    Example::

        accessor.tables["table"].obs
    """

    def __init__(self, part, storage=None, edit_of=None):
        self._part, self._storage, self._edit_of = part, storage, edit_of

    def keys(self):
        """The names (list).

        Example::

            accessor.tables.keys()
        """
        return self._part.keys()

    def __getitem__(self, key):
        part = self._part.child(key)
        if not part.exists:
            raise KeyError(f"there is no table {key!r}; there are {', '.join(self.keys()) or 'none'}")
        storage = None if self._storage is None else lambda: self._storage()[f"tables/{key}"]
        return AnnDataAccessor(part, key, storage, self._edit_of and self._edit_of(key))

    def __repr__(self):
        return f"Accessor for the SpatialData attribute tables\n  with keys: {self.keys()}"


class SpatialDataAccessor:
    """A SpatialData folder open for reading in parts: its tables.

    Args:
        root (object): the group in the folder.
        name (str): of the folder, for messages.
        storage (Callable, optional): what opens it for zarr.
        edit (object, optional): the copy that is changed.

    Example::

        with artifact.open() as accessor:
            accessor.tables["table"].obs
    """

    def __init__(self, root, name, storage=None, edit=None):
        self._root, self._name, self._storage, self._edit, self._closed = root, name, storage, edit, False
        self.entered = self.changed = False

    @property
    def storage(self):
        """The folder for its own library (zarr.Group)."""
        self._usable()
        if self._storage is None:
            raise NotImplementedError(f"'{self._name}' is read from a store by ranges, without zarr: use .cache() for it")
        return self._storage()

    @property
    def tables(self):
        """Its tables (TablesAccessor)."""
        self._usable()
        edit_of = self._edit and (lambda key: self._edit.of_table(key, self))
        return TablesAccessor(self._root.child("tables"), self._storage, edit_of)

    def _usable(self):
        if self._closed:
            raise ValueError(f"'{self._name}' is closed: open it again")

    @property
    def closed(self):
        """Whether it is closed (bool)."""
        return self._closed

    def close(self, changed=None):
        """Closes it; after changes of its tables (`add_column`) the artifact becomes a new version.

        Args:
            changed (bool, optional): whether there were any, if that is known.

        Example::

            accessor.close()
        """
        if self._closed:
            return
        self._closed = True
        if self._edit is not None:
            self._edit.finish(self.changed if changed is None else changed)

    def __enter__(self):
        self.entered = True
        return self

    def __exit__(self, kind, *_):
        self.close(changed=False if kind is not None else None)

    def __repr__(self):
        return f"SpatialDataAccessor object\n  constructed for the SpatialData object {self._name}\n    with tables: {self.tables.keys()}"


class BackedAccessor:
    """An HDF5 file or zarr folder that is no AnnData, for its own library.

    Args:
        connection (object, optional): what has to be closed after the storage.
        storage (h5py.File | zarr.Group): what reads it.
        edit (object, optional): the copy that is changed.

    Example::

        with artifact.open() as accessor:
            accessor.storage["images"][0]
    """

    def __init__(self, connection, storage, edit=None):
        self.connection, self.storage, self._edit, self._closed = connection, storage, edit, False

    @property
    def closed(self):
        """Whether it is closed (bool)."""
        return self._closed

    def close(self):
        """Closes it; what was open with `mode="r+"` becomes a new version.

        Example::

            accessor.close()
        """
        if self._closed:
            return
        for held in (self.storage, self.connection):
            if hasattr(held, "close"):
                held.close()
        self._closed = True
        if self._edit is not None:
            self._edit.finish(True)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None and self._edit is not None:
            self._edit.forget()
            self._edit = None
        self.close()

    def __repr__(self):
        return f"BackedAccessor(connection={self.connection!r}, storage={self.storage!r})"
