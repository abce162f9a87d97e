"""AnnData files open for reading in parts, as `Artifact.open()` gives them.

The matrix is never read as a whole unless someone asks for it: a subset is a pair of selections until one of its parts is
used.
"""

from .._process.logger import logger
from .arrays import composed, of_names, selected
from .elements import backed, frame_keys, read_element, read_frame, read_names

_MAPS = ("obsm", "varm", "obsp", "varp", "layers")
_ROWS = {"obsm": "o", "varm": "v", "obsp": "oo", "varp": "vv", "layers": "ov"}  # which axis of AnnData each dimension is


class MapAccessor:
    """What a slot of several arrays holds, such as `layers`: by name, as it is in the file, or the rows of a subset.

    Example::

        accessor.layers["counts"][:10]
    """

    def __init__(self, part, name, selection=None):
        self._part, self._name, self._selection = part, name, selection

    def keys(self):
        """The names (list).

        Example::

            accessor.obsm.keys()
        """
        return self._part.keys()

    def __getitem__(self, key):
        part = self._part.child(key)
        if not part.exists:
            raise KeyError(f"{self._name} has no {key!r}; it has {', '.join(self.keys()) or 'nothing'}")
        return backed(part) if self._selection is None else read_element(part, *self._selection)

    def __contains__(self, key):
        return key in self._part

    def __iter__(self):
        return iter(self.keys())

    def __len__(self):
        return len(self.keys())

    def __repr__(self):
        return f"Accessor for the AnnData attribute {self._name}\n  with keys: {self.keys()}"


def _in_memory(value):
    return value.to_memory() if hasattr(value, "to_memory") else value


class _Parts:
    """What accessor and subset have in common. `_selection` is that of obs and var; None for all of the file."""

    def __init__(self, root, selection, names, keys):
        self._root, self._selection, self._names, self._keys, self._read = root, selection, names, keys, {}

    def _once(self, name, read):
        """Tables and other things in memory are read once."""
        self._usable()
        if name not in self._read:
            self._read[name] = read()
        return self._read[name]

    def _usable(self):
        pass

    def _axis(self, letter):
        return None if self._selection is None else self._selection["ov".index(letter)]

    def _table(self, slot, letter):
        if slot not in self._keys:
            return None
        return self._once(slot, lambda: read_frame(self._root.child(slot), self._axis(letter), self._names["ov".index(letter)]))

    def _map(self, slot):
        self._usable()
        if slot not in self._keys:
            return None
        selection = None if self._selection is None else [self._axis(letter) for letter in _ROWS[slot]]
        return MapAccessor(self._root.child(slot), slot, selection)

    @property
    def obs(self):
        """The table of observations (pandas.DataFrame)."""
        return self._table("obs", "o")

    @property
    def var(self):
        """The table of variables (pandas.DataFrame)."""
        return self._table("var", "v")

    @property
    def uns(self):
        """Unstructured annotations, in memory (dict)."""
        return None if "uns" not in self._keys else self._once("uns", lambda: read_element(self._root.child("uns")))

    @property
    def X(self):
        """The matrix: as it is in the file (BackedArray | BackedSparse), or that of a subset in memory."""
        self._usable()
        part = self._root.child("X")
        if not part.exists:
            return None
        if self._selection is None:
            return backed(part)
        return self._once("X", lambda: read_element(part, *self._selection))

    obsm = property(lambda self: self._map("obsm"), doc="Arrays with a row for each observation (MapAccessor).")
    varm = property(lambda self: self._map("varm"), doc="Arrays with a row for each variable (MapAccessor).")
    obsp = property(lambda self: self._map("obsp"), doc="Arrays of pairs of observations (MapAccessor).")
    varp = property(lambda self: self._map("varp"), doc="Arrays of pairs of variables (MapAccessor).")
    layers = property(lambda self: self._map("layers"), doc="Matrices of the shape of `X` (MapAccessor).")

    @property
    def obs_names(self):
        """The names of the observations (pandas.Index)."""
        return self._names[0]

    @property
    def var_names(self):
        """The names of the variables (pandas.Index)."""
        return self._names[1]

    @property
    def shape(self):
        """Numbers of observations and variables (tuple)."""
        return len(self._names[0]), len(self._names[1])

    n_obs = property(lambda self: self.shape[0], doc="Number of observations (int).")
    n_vars = property(lambda self: self.shape[1], doc="Number of variables (int).")

    @property
    def raw(self):
        """What AnnData keeps as `raw`, with its own variables; None if there is none."""
        if "raw" not in self._keys:
            return None
        return self._once("raw", lambda: _raw(self._root.child("raw"), self._names[0], self._selection))

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, index):
        """A subset by positions, names or masks of observations and variables."""
        self._usable()
        given = index if isinstance(index, tuple) else (index, slice(None))
        if len(given) == 1:
            given = (given[0], slice(None))
        if len(given) != 2:
            raise IndexError(f"AnnData has two dimensions, not {len(given)}")
        given = [slice(None) if part is Ellipsis else part for part in given]
        inner = [selected(part, len(names), names) for part, names in zip(given, self._names)]
        names = [of_names(names, part) for names, part in zip(self._names, inner)]
        outer = self._selection or (None, None)
        selection = tuple(composed(before, part) for before, part in zip(outer, inner))
        return self._subset(selection, names)

    def to_dict(self):
        """Its parts in memory, as the keywords of `anndata.AnnData` (dict).

        Example::

            accessor[:10].to_dict()["obs"]
        """
        parts = {"X": _in_memory(self.X)}
        for slot in ("uns", "obs", "var"):
            if slot in self._keys:
                parts[slot] = getattr(self, slot)
        for slot in _MAPS:
            if slot in self._keys:
                held = getattr(self, slot)
                parts[slot] = {key: _in_memory(held[key]) for key in held.keys()}
        if "raw" in self._keys:
            parts["raw"] = self.raw.to_dict()
        return parts

    def to_memory(self):
        """It as an object of its own (anndata.AnnData).

        Example::

            with artifact.open() as accessor:
                adata = accessor[accessor.obs["cell_type"] == "T cell"].to_memory()
        """
        import anndata

        return anndata.AnnData(**self.to_dict())

    def _shown(self):
        n_obs, n_vars = self.shape
        return f"{type(self).__name__} object with n_obs × n_vars = {n_obs} × {n_vars}"

    def __repr__(self):
        return "\n".join([self._shown(), *[f"  {slot}: {keys}" for slot, keys in self._keys.items()]])


class AnnDataAccessorSubset(_Parts):
    """Some observations and variables of an AnnData file; nothing of it is read before it is used.

    It is made by `accessor[obs, var]`.

    Args:
        root (object): the group in the file.
        selection (tuple, optional): which rows of obs and var; None for all.
        names (tuple): the names of these rows.
        keys (dict): what each slot holds.

    Example::

        accessor[:100, ["CD8A", "CD4"]].to_memory()
    """

    def _subset(self, selection, names):
        return AnnDataAccessorSubset(self._root, selection, names, self._keys)


class AnnDataRawAccessor(_Parts):
    """The `raw` of an AnnData file: X, var and varm.

    Example::

        accessor.raw.X[:10]
    """

    def _subset(self, selection, names):
        return AnnDataRawAccessor(self._root, selection, names, self._keys)

    @property
    def raw(self):
        raise AttributeError("raw has no raw of its own")


def _raw(root, obs_names, selection):
    keys = {"var": frame_keys(root.child("var"))}
    if root.child("varm").keys():
        keys["varm"] = root.child("varm").keys()
    selection = None if selection is None else (selection[0], None)
    return AnnDataRawAccessor(root, selection, (obs_names, read_names(root.child("var"))), keys)


def _keys_of(root):
    keys = {}
    for slot in root.keys():
        if slot == "X":
            continue
        part = root.child(slot)
        found = frame_keys(part) if slot in ("obs", "var") else part.keys()
        if found:
            keys[slot] = found
    return keys


class AnnDataAccessor(_Parts):
    """An AnnData file or zarr folder open for reading in parts: `Artifact.open()`.

    Tables are read when they are used, matrices as far as they are sliced. `accessor[obs, var]` is a subset.

    Args:
        root (object): the group in the file.
        name (str): of the file, for messages.
        storage (Callable, optional): what opens it for its own library.
        edit (object, optional): the copy that is changed.

    Example::

        with artifact.open() as accessor:
            adata = accessor[accessor.obs["cell_type"] == "T cell"].to_memory()
    """

    def __init__(self, root, name, storage=None, edit=None):
        missing = [slot for slot in ("obs", "var") if not root.child(slot).exists]
        if missing:
            raise ValueError(f"'{name}' is no AnnData file: it has no {missing[0]}; it has {', '.join(root.keys()) or 'nothing'}")
        names = read_names(root.child("obs")), read_names(root.child("var"))
        super().__init__(root, None, names, _keys_of(root))
        self._name, self._storage, self._edit, self._closed, self._entered, self._updated = name, storage, edit, False, False, False
        self._held = None

    def _subset(self, selection, names):
        return AnnDataAccessorSubset(self._root, selection, names, self._keys)

    def _usable(self):
        if self._closed:
            raise ValueError(f"'{self._name}' is closed: open it again")

    @property
    def storage(self):
        """The file for its own library (h5py.File | zarr.Group), opened when it is asked for."""
        self._usable()
        if self._held is None:
            if self._storage is None:
                raise NotImplementedError(f"'{self._name}' is read from a store by ranges, without h5py or zarr: use .cache() for these")
            self._held = self._storage()
        return self._held

    @property
    def closed(self):
        """Whether it is closed (bool)."""
        return self._closed

    def close(self):
        """Closes it; after changes (`add_column`) the artifact becomes a new version.

        Example::

            accessor.close()
        """
        if self._closed:
            return
        if hasattr(self._held, "close"):
            self._held.close()
        self._held = None
        if self._edit is not None:
            self._edit.finish(self._updated)
        self._closed = True
        self._root, self._read = None, {}

    def __enter__(self):
        self._entered = True
        return self

    def __exit__(self, kind, *_):
        if kind is not None and self._edit is not None:
            self._updated = False  # what failed half-way is no version
        self.close()

    def add_column(self, where, col_name, col):
        """Adds a column to obs or var; the artifact becomes a new version when this is closed.

        Args:
            where ("obs" | "var"): the table.
            col_name (str): the name of the column.
            col (numpy.ndarray | pandas.Categorical): its values, one for each row.

        Raises:
            ValueError: it is not open with `mode="r+"`, or the number of values is wrong.

        Example::

            with artifact.open(mode="r+") as accessor:
                accessor.add_column("obs", "score", scores)
        """
        if self._edit is None:
            raise ValueError("A column can only be added to a zarr folder that is open with mode='r+': artifact.open(mode='r+')")
        if where not in ("obs", "var"):
            raise ValueError(f"where is {where!r} but has to be 'obs' or 'var'")
        rows = self.shape["ov".index(where[0])]
        if len(col) != rows:
            raise ValueError(f"the column '{col_name}' has {len(col)} values, {where} has {rows} rows")
        if "/" in col_name or col_name in ("", ".", ".."):
            raise ValueError(f"'{col_name}' cannot be the name of a column in a zarr folder")
        from anndata.io import write_elem

        table = self.storage[where]
        write_elem(table, col_name, col)
        order = list(table.attrs["column-order"])
        table.attrs["column-order"] = order if col_name in order else [*order, col_name]
        if not self._updated and not self._entered:
            logger.important(f"call .close() when you are done: then the artifact of {self._name} becomes a new version")
        self._updated = True
        self._root = self._edit.reopened()
        self._read.pop(where, None)
        self._keys = _keys_of(self._root)

    def __repr__(self):
        lines = [self._shown(), f"  constructed for the AnnData object {self._name}"]
        return "\n".join([*lines, *[f"    {slot}: {keys}" for slot, keys in self._keys.items()]])
