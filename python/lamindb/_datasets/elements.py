"""What AnnData stores as groups and arrays (tables, categories, sparse matrices), whole or some rows of it, as pandas,
numpy and scipy hold it. All layouts since anndata 0.6."""

import math

from .arrays import Part, axes

_CATEGORIES = "__categories"


def read_element(part, rows=None, columns=None):
    """What is stored at a place, in memory.

    Args:
        part (Part): where.
        rows, columns: selections of its first two dimensions.

    Raises:
        NotImplementedError: its encoding is unknown.
    """
    if part.is_array:
        return _array(part, rows, columns)
    encoding = part.encoding
    reader = _GROUPS.get(encoding)
    if reader is not None:
        return reader(part, rows)
    if is_sparse(part):
        return read_sparse(part, rows, columns)
    if encoding in ("", "dict", "raw", "anndata"):
        return {name: read_element(part.child(name)) for name in part.keys()}
    if encoding == "awkward-array":
        return _awkward(part, rows)
    raise NotImplementedError(f"'{part.path}' has the encoding '{encoding}', which cannot be read in parts: use .load()")


def _array(part, rows, columns):
    if part.encoding == "null":
        return None
    selection = [rows, columns][: len(part.shape)]
    cells = part.read(*selection)
    return cells.item() if not part.shape and part.encoding != "array" else cells


def _categorical(part, rows):
    from pandas import Categorical

    ordered = bool(part.attrs.get("ordered", False))
    return Categorical.from_codes(part.child("codes").read(rows), read_element(part.child("categories")), ordered=ordered)


def _nullable(kind):
    def read(part, rows):
        import pandas

        values, mask = part.child("values").read(rows), part.child("mask").read(rows).astype(bool)
        if kind == "string":
            array = pandas.array(values, dtype=pandas.StringDtype(na_value=_na_value(part)))
            array[mask] = pandas.NA
            return array
        make = pandas.arrays.IntegerArray if kind == "integer" else pandas.arrays.BooleanArray
        return make(values, mask=mask)

    return read


def _na_value(part):
    import numpy
    import pandas

    return numpy.nan if part.attrs.get("na-value") == "NaN" else pandas.NA


def read_frame(part, rows=None, names=None):
    """obs, var or another table as a data frame; `names` are those of the rows, if they are known."""
    import pandas

    if part.is_array:
        return _records(part, rows)
    index = part.attrs.get("_index")
    if index is None:
        raise ValueError(f"'{part.path}' does not say which column names its rows")
    order = part.attrs.get("column-order")
    if order is None:
        order = [name for name in part.keys() if name not in (index, _CATEGORIES)]
    columns = {name: read_column(part, name, rows) for name in order}
    names = as_index(read_column(part, index, rows)) if names is None else names
    names = names.rename(None if index == "_index" else index)
    return pandas.DataFrame(columns, index=names, columns=list(order))


def read_column(table, name, rows=None):
    """A column of a table that is a group."""
    from pandas import Categorical

    part = table.child(name)
    if not part.exists:
        raise ValueError(f"'{table.path}' lists a column '{name}' that it does not have")
    levels = table.child(f"{_CATEGORIES}/{name}")  # anndata 0.7
    if part.is_array and levels.exists:
        return Categorical.from_codes(part.read(rows), levels.read(), ordered=bool(levels.attrs.get("ordered", False)))
    return read_element(part, rows)


def _records(part, rows):
    """anndata 0.6: an array of records, whose categories are in uns."""
    import pandas

    cells = part.read(rows)
    names = cells.dtype.names
    index = next((name for name in ("index", "_index") if name in names), names[0])
    frame = pandas.DataFrame({name: _with_levels(part, name, cells[name]) for name in names if name != index})
    frame.index = as_index(cells[index])
    return frame


def _with_levels(part, name, values):
    from pandas import Categorical

    levels = Part(part.file, f"uns/{name}_categories")
    if values.dtype.kind not in "iu" or not levels.exists or not levels.is_array:
        return values
    return Categorical.from_codes(values, levels.read().ravel())


def as_index(values):
    """Names of rows: numbers become texts."""
    import pandas

    index = pandas.Index(values)
    return index.astype(str) if index.dtype.kind in "iuf" else index


def read_names(part):
    """The names of the rows of obs or var."""
    if part.is_array:
        names = part.dtype.names
        index = next((name for name in ("index", "_index") if name in names), names[0])
        return as_index(part.read()[index])
    index = part.attrs.get("_index")
    if index is None:
        raise ValueError(f"'{part.path}' does not say which column names its rows")
    return as_index(read_column(part, index))


def frame_keys(part):
    """The names of the columns of obs or var, and of the index."""
    return list(part.dtype.names) if part.is_array else part.keys()


def is_sparse(part):
    """Whether a group is a sparse matrix."""
    return part.encoding in ("csr_matrix", "csc_matrix") or "h5sparse_format" in part.attrs or (part.encoding == "" and "indptr" in part)


def sparse_format(part):
    """("csr" | "csc", its shape)."""
    format = part.attrs.get("h5sparse_format") or part.encoding[:3] or "csr"
    shape = part.attrs.get("shape") or part.attrs.get("h5sparse_shape")
    if shape is None:
        raise ValueError(f"the sparse matrix '{part.path}' does not state its shape")
    return format, tuple(shape)


def read_sparse(part, rows=None, columns=None):
    """Rows and columns of a sparse matrix, as it is stored: of a csr matrix only the rows are read, of a csc matrix only
    the columns."""
    import numpy
    from scipy import sparse

    format, shape = sparse_format(part)
    by_rows = format == "csr"
    major, minor = (rows, columns) if by_rows else (columns, rows)
    size = shape[0] if by_rows else shape[1]
    starts = part.child("indptr").read().astype(numpy.int64)
    if len(starts) != size + 1:
        raise ValueError(f"the sparse matrix '{part.path}' has {len(starts)} starts for {size} rows: it is damaged")
    ranges = None
    if major is not None:
        at = numpy.arange(*major) if isinstance(major, tuple) else major
        ranges = numpy.ascontiguousarray(numpy.stack([starts[at], starts[at + 1]], axis=1))
        starts = numpy.concatenate([[0], numpy.cumsum(ranges[:, 1] - ranges[:, 0])])
        size = len(at)
    data, indices = part.child("data").read(ranges), part.child("indices").read(ranges)
    make = sparse.csr_matrix if by_rows else sparse.csc_matrix
    matrix = make((data, indices, starts), shape=(size, shape[1]) if by_rows else (shape[0], size))
    if minor is None:
        return matrix
    minor = slice(*minor) if isinstance(minor, tuple) else minor
    return matrix[:, minor] if by_rows else matrix[minor]


def _awkward(part, rows):
    import awkward

    container = {name: part.child(name).read() for name in part.keys()}
    array = awkward.from_buffers(part.attrs["form"], int(part.attrs["length"]), container)
    return array if rows is None else array[slice(*rows) if isinstance(rows, tuple) else rows]


_GROUPS = {
    "dataframe": read_frame, "categorical": _categorical, "nullable-integer": _nullable("integer"),
    "nullable-boolean": _nullable("boolean"), "nullable-string-array": _nullable("string"),
}  # fmt: skip


class BackedArray:
    """An array in a file; what stands in brackets is read.

    Several lists in brackets select their cross product.

    Example::

        accessor.X[:10, [3, 5]]
    """

    def __init__(self, part):
        self._part = part

    shape = property(lambda self: self._part.shape)
    dtype = property(lambda self: self._part.dtype)
    chunks = property(lambda self: self._part.chunks)
    ndim = property(lambda self: len(self._part.shape))

    size = property(lambda self: math.prod(self._part.shape))

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, index):
        if isinstance(index, tuple) and not index:
            return self.to_memory()
        if isinstance(index, str):
            return self._part.read()[index]  # a field of records
        selection, dropped = axes(index, self.shape)
        cells = self._part.read(*selection)
        return cells[tuple(0 if i in dropped else slice(None) for i in range(cells.ndim))] if dropped else cells

    def to_memory(self):
        """All of it (numpy.ndarray).

        Example::

            accessor.obsm["X_pca"].to_memory()
        """
        return self._part.read()

    def __array__(self, dtype=None, copy=None):
        cells = self.to_memory()
        return cells if dtype is None else cells.astype(dtype)

    def __repr__(self):
        return f"BackedArray of shape {self.shape} and type {self.dtype} at '{self._part.path}'"


class BackedSparse:
    """A sparse matrix in a file; what stands in brackets is read.

    Example::

        accessor.X[:10].toarray()
    """

    ndim = 2

    def __init__(self, part):
        self._part = part
        self.format, self.shape = sparse_format(part)

    dtype = property(lambda self: self._part.child("data").dtype)

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, index):
        selection, _ = axes(index, self.shape)
        return read_sparse(self._part, *selection)

    def to_memory(self):
        """All of it (scipy.sparse.csr_matrix | scipy.sparse.csc_matrix).

        Example::

            accessor.layers["counts"].to_memory()
        """
        return read_sparse(self._part)

    def __repr__(self):
        return f"BackedSparse: {self.format} matrix of shape {self.shape} and type {self.dtype} at '{self._part.path}'"


def backed(part):
    """An array or a sparse matrix as it is in the file; anything else in memory."""
    if part.is_array:
        return BackedArray(part)
    return BackedSparse(part) if is_sparse(part) else read_element(part)

