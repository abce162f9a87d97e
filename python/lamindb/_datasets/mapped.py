"""Several AnnData files as one dataset of observations, for data loaders.

Rows of matrices are read by the core; labels of all observations are in memory as codes. What is open belongs to one
process: a forked one opens the files again, and so does one that gets a pickled copy.
"""

import os

from .. import _core
from .._process.logger import logger
from .arrays import open_place
from .elements import frame_keys, is_sparse, read_names
from .inputs import note_input
from .mapped_labels import HasLabels, Matrix, as_scalar, listed

_KEPT = 256 << 20  # bytes of decompressed chunks of all files together
_LEAST_KEPT = 4 << 20


class MappedCollection(HasLabels):
    """Several AnnData files as one map-style dataset, as `torch.utils.data.DataLoader` takes it; torch is not needed.

    An item is a dict: a row of each matrix, the labels, and `_store_idx`, the number of the file. Files are `.h5ad` or
    `.zarr`, matrices dense or csr. It can be used in forked and spawned workers.

    Args:
        path_list (list): paths of the files.
        layers_keys (str | list[str], optional): matrices: "X", "raw.X", or names of layers; otherwise "X". A file that does not
            have one leaves it out of its items.
        obs_keys (str | list[str], optional): columns of obs.
        obsm_keys (str | list[str], optional): arrays of obsm, in items as "obsm_" and the name.
        obs_filter (dict, optional): only observations with these values: {column: value or list of values}.
        join ("inner" | "outer", optional): which variables: those of all files or of any, with zeros; None for each file's own.
        encode_labels (bool | list[str]): labels as integers in the order of the sorted categories; a list of columns for these
            alone.
        unknown_label (str | dict, optional): the label that becomes -1, for all columns or by column.
        cache_categories (bool): categories are always in memory.
        parallel (bool): it can always be used by several processes.
        dtype (str, optional): of the matrices; otherwise as stored.

    Raises:
        ValueError: a matrix is stored by columns (csc), the files share no variable, or arguments do not fit together.

    Example::

        with collection.mapped(obs_keys="cell_type") as dataset:
            loader = torch.utils.data.DataLoader(dataset, batch_size=128, shuffle=True)
    """

    def __init__(self, path_list, layers_keys=None, obs_keys=None, obsm_keys=None, obs_filter=None, join="inner",
                 encode_labels=True, unknown_label=None, cache_categories=True, parallel=False, dtype=None):  # fmt: skip
        if join not in (None, "inner", "outer"):
            raise ValueError(f"join is {join!r} but has to be None, 'inner' or 'outer'")
        if obs_filter is not None and not isinstance(obs_filter, dict):
            logger.warning("pass obs_filter as a dictionary: {column: values}")
            obs_filter = {obs_filter[0]: obs_filter[1]}
        self.path_list = list(path_list)
        self._places = [place if isinstance(place, tuple) else (os.fspath(place),) for place in self.path_list]
        self.layers_keys = ["X"] if layers_keys is None else listed(layers_keys)
        self.obs_keys, self.obsm_keys = listed(obs_keys), listed(obsm_keys)
        self.filtered, self.parallel, self._dtype = obs_filter is not None, parallel, dtype
        self._set_encoding(encode_labels, unknown_label)
        self.storages, self._owner, self._closed = [], None, False
        self._open()
        self._obs_names = [set(frame_keys(root.child("obs"))) for root in self.storages]
        self._labels = {}
        self._find_rows(obs_filter)
        self._join(join)
        self._matrices = {}
        for store in range(len(self.storages)):
            for key in self._keys():
                self._matrix(store, key)
        self.encoders = {key: self._encoder(key) for key in self.encode_labels or []} if self.obs_keys is not None else {}
        self._given = {}
        for key in self.obs_keys or []:
            self._given[key] = [self._given_labels(store, key) for store in range(len(self.storages))]

    # -- what is open -------------------------------------------------------------------------------------------------

    def _open(self):
        each = max(_LEAST_KEPT, _KEPT // max(1, len(self._places)))
        self.storages = []
        for place in self._places:
            root = open_place(place)
            root.file.keep(each)
            self.storages.append(root)
        self._matrices, self._owner = {}, os.getpid()

    def _here(self):
        """Opens the files again in a process that did not open them."""
        if self._closed and not self.parallel:
            raise ValueError("The dataset is closed: call .mapped() again.")
        if self._owner != os.getpid():
            self._open()

    def __getstate__(self):
        return self.__dict__ | {"storages": [], "_matrices": {}, "_owner": None}

    def _keys(self):
        return [*self.layers_keys, *(f"obsm_{key}" for key in self.obsm_keys or [])]

    def _path(self, key):
        if key in self.layers_keys:
            return {"X": "X", "raw.X": "raw/X"}.get(key, f"layers/{key}")
        return "obsm/" + key.removeprefix("obsm_")

    def _matrix(self, store, key):
        """What reads rows of a matrix of a file; None if it has no such matrix."""
        known = self._matrices.get((store, key), False)
        if known is not False:
            return known
        part, root = None, self.storages[store]
        for name in self._path(key).split("/"):
            part = (part or root).child(name)
        matrix = None
        if part.exists:
            self._check(part, store)
            joined = self.join_vars is not None and key in self.layers_keys and key != "raw.X"
            places = self.var_joint.get_indexer(self.var_list[store]) if joined else None
            matrix = Matrix(part, self._dtype, places, self.n_vars)
        self._matrices[store, key] = matrix
        return matrix

    def _check(self, part, store):
        place = self._places[store][-1]
        if part.is_array:
            return
        if part.encoding == "csc_matrix" or part.attrs.get("h5sparse_format") == "csc":
            self.close()
            raise ValueError(f"{part.path} in {place} is a csc matrix, of which single rows cannot be read: store it as csr_matrix")
        if not is_sparse(part):
            self.close()
            raise ValueError(f"{part.path} in {place} is stored as {part.encoding or 'a group'}: it has to be a matrix")

    # -- rows and variables -------------------------------------------------------------------------------------------

    def _rows_in(self, store):
        root = self.storages[store]
        matrix = root.child("X")
        if matrix.exists:
            return matrix.shape[0] if matrix.is_array else int((matrix.attrs.get("shape") or matrix.attrs["h5sparse_shape"])[0])
        return len(read_names(root.child("obs")))

    def _find_rows(self, obs_filter):
        import numpy

        self.indices_list = []
        for store in range(len(self.storages)):
            rows = self._rows_in(store)
            if obs_filter is None:
                self.indices_list.append(numpy.arange(rows))
                continue
            mask = numpy.ones(rows, dtype=bool)
            for key, values in obs_filter.items():
                mask &= self._matching(store, key, values)
            self.indices_list.append(numpy.flatnonzero(mask))
        self.n_obs_list = [len(rows) for rows in self.indices_list]
        self.n_obs = sum(self.n_obs_list)
        self.indices = numpy.concatenate(self.indices_list) if self.indices_list else numpy.empty(0, dtype=int)
        self.storage_idx = numpy.repeat(numpy.arange(len(self.storages)), self.n_obs_list)

    def _matching(self, store, key, values):
        import pandas

        if key not in self._obs_names[store]:
            return False
        values = list(values) if isinstance(values, (list, tuple, set)) else [values]
        labels = pandas.Series(self._labels_of(store, key).values())
        wanted = [value for value in values if not pandas.isna(value)]
        mask = labels.isin(wanted)
        return (mask | labels.isna() if len(wanted) < len(values) else mask).to_numpy()

    def _read_vars(self):
        self._here()
        self.var_list = [read_names(root.child("var")) for root in self.storages]
        self.n_vars_list = [len(names) for names in self.var_list]

    def _join(self, join):
        import functools

        import pandas

        self.join_vars, self.var_joint, self.var_indices, self.n_vars = join, None, None, None
        self.var_list = self.n_vars_list = None
        if join is None or not self.storages:
            self.join_vars = None
            return
        self._read_vars()
        first = self.var_list[0]
        if all(first.equals(names) for names in self.var_list[1:]):
            self.join_vars, self.var_joint, self.n_vars = None, first, len(first)
            return
        for place, names in zip(self._places, self.var_list):
            if not names.is_unique:
                self.close()
                raise ValueError(f"{place[-1]} has several variables named {names[names.duplicated()][0]!r}: join=None does not align them")
        if join == "inner":
            self.var_joint = functools.reduce(lambda a, b: a.intersection(b, sort=False), self.var_list)
            if len(self.var_joint) == 0:
                self.close()
                raise ValueError("The files share no variable: use join='outer'.")
            self.var_indices = [names.get_indexer(self.var_joint) for names in self.var_list]
        else:
            self.var_joint = functools.reduce(pandas.Index.union, self.var_list)
            self.var_indices = [self.var_joint.get_indexer(names) for names in self.var_list]
        self.n_vars = len(self.var_joint)

    def check_vars_sorted(self, ascending=True):
        """Whether the variables of every file are in the order of their names (bool).

        Args:
            ascending (bool): False for the reverse order.

        Example::

            dataset.check_vars_sorted()
        """
        if self.var_list is None:
            self._read_vars()
        return all(names.is_monotonic_increasing if ascending else names.is_monotonic_decreasing for names in self.var_list)

    def check_vars_non_aligned(self, vars):
        """The numbers of the files whose variables differ from these (list).

        Args:
            vars (pandas.Index | list): names, in order.

        Example::

            dataset.check_vars_non_aligned(["CD8A", "CD4"])
        """
        import pandas

        if self.var_list is None:
            self._read_vars()
        wanted = pandas.Index(vars)
        return [i for i, names in enumerate(self.var_list) if not names.equals(wanted)]

    # -- items --------------------------------------------------------------------------------------------------------

    def __len__(self):
        return self.n_obs

    @property
    def shape(self):
        """Numbers of observations and of variables after the join (tuple)."""
        return self.n_obs, self.n_vars

    @property
    def original_shapes(self):
        """The shape of each file, with the filter applied (list)."""
        return list(zip(self.n_obs_list, self.n_vars_list or [None] * len(self.n_obs_list)))

    def __getitem__(self, idx):
        return self.__getitems__([idx])[0]

    def __getitems__(self, indices):
        """Several items at once, which is faster than one after the other; data loaders of torch call it."""
        import numpy

        self._here()
        wanted = numpy.asarray(indices, dtype=numpy.int64)
        stores, rows = self.storage_idx[wanted], self.indices[wanted]
        items = [{"_store_idx": store} for store in stores]
        for store in numpy.unique(stores) if len(wanted) > 1 else stores:
            at = numpy.flatnonzero(stores == store)
            self._fill(int(store), rows[at], [items[i] for i in at])
        return items

    def _fill(self, store, rows, items):
        import numpy

        order = numpy.argsort(rows, kind="stable")  # neighbours are read together
        for key in self._keys():
            matrix = self._matrix(store, key)
            if matrix is None:
                continue
            cells = matrix(rows[order])
            for i, row in zip(order, cells):
                items[i][key] = row
        for key, columns in self._given.items():
            if columns[store] is None:
                continue
            (values, missing), shape = columns[store], int if key in self.encoders else as_scalar
            for row, item in zip(rows, items):
                item[key] = numpy.nan if missing[row] else shape(values[row])

    # -- its end ------------------------------------------------------------------------------------------------------

    def close(self):
        """Closes the files. With `parallel`, they are opened again where the dataset is used.

        Example::

            dataset.close()
        """
        self.storages, self._matrices, self._owner, self._closed = [], {}, None, True

    @property
    def closed(self):
        """Whether it is closed (bool)."""
        return self._closed

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @classmethod
    def torch_worker_init_fn(cls, worker_id):
        """For `worker_init_fn` of `torch.utils.data.DataLoader`: opens the files of a worker before its first batch.

        Args:
            worker_id (int): its number.

        Example::

            DataLoader(dataset, num_workers=4, worker_init_fn=dataset.torch_worker_init_fn)
        """
        from torch.utils.data import get_worker_info

        get_worker_info().dataset._here()

    def __repr__(self):
        n_obs, n_vars = self.shape
        return f"MappedCollection of {len(self._places)} files with n_obs × n_vars = {n_obs} × {n_vars}"


def map_together(artifacts, stream=False, is_run_input=False, **kwargs):
    """The AnnData files among these artifacts as one dataset; others are left out with a warning."""
    mapped, left_out = [], []
    for artifact in artifacts:
        (mapped if _core.format_of(artifact.suffix).get("name") in ("h5ad", "zarr") else left_out).append(artifact)
    if left_out:
        named = ", ".join(_core.named(artifact) for artifact in left_out[:3]) + (", …" if len(left_out) > 3 else "")
        logger.warning(f"only .h5ad and .zarr files can be mapped: {named} left out")
    if not mapped:
        raise ValueError("There is no .h5ad or .zarr artifact to map.")
    if stream:
        places = [_core.array_place(artifact) for artifact in mapped]
        for artifact in mapped:
            note_input(artifact, is_run_input)
    else:
        places = [artifact.cache(is_run_input=is_run_input) for artifact in mapped]
    return MappedCollection(places, **kwargs)
