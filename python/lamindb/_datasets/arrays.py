"""Arrays of HDF5 files and zarr folders as numpy arrays, and selections of their rows.

A selection of one dimension is None (all), a pair (begin, end), or an array of positions.
"""

import json
import operator

from .. import _core
from ..errors import FileDoesNotExist, ObjectDoesNotExist


def open_place(place):
    """What a place of the core holds: (path,) or (root, region, key)."""
    try:
        return Part(_core.open_arrays(*place), "")
    except ObjectDoesNotExist as missing:
        if len(place) > 1:
            raise
        raise FileDoesNotExist(str(missing)) from None


def open_remote(path):
    """An HDF5 file at a UPath of any scheme, of which only the ranges that are read are fetched."""
    fs, at = path.fs, path.path

    def read(offset, size):
        return fs.cat_file(at, start=offset, end=offset + size)

    return Part(_core.open_ranges(read, int(fs.info(at)["size"]), str(path)), "")


class Part:
    """A group or an array at a path of a file; nothing of it is read before it is asked for."""

    __slots__ = ("file", "path", "_attrs", "_info")

    def __init__(self, file, path):
        self.file, self.path, self._attrs, self._info = file, path, None, None

    @property
    def attrs(self):
        """Its attributes as a dict."""
        if self._attrs is None:
            self._attrs = json.loads(self.file.attributes(self.path))
        return self._attrs

    @property
    def encoding(self):
        """What anndata calls its encoding; "" if it is not stated."""
        return self.attrs.get("encoding-type") or ""

    @property
    def is_array(self):
        return self.file.kind(self.path) == "array"

    @property
    def exists(self):
        return self.file.kind(self.path) is not None

    def keys(self):
        """The names of what is in a group."""
        return self.file.children(self.path) if self.exists and not self.is_array else []

    def child(self, name):
        """What has this name in the group, whether it exists or not."""
        return Part(self.file, f"{self.path}/{name}" if self.path else name)

    def __contains__(self, name):
        return self.child(name).exists

    def _told(self):
        if self._info is None:
            self._info = self.file.info(self.path)
        return self._info

    @property
    def shape(self):
        return self._told()[1]

    @property
    def chunks(self):
        return self._told()[2]

    @property
    def stored_type(self):
        """numpy's name of the type of a cell, "text", a list of fields, or None for one that numpy does not know."""
        return self._told()[0]

    @property
    def dtype(self):
        """The numpy type of what `read` gives."""
        import numpy

        told = self.stored_type
        if isinstance(told, list):
            return numpy.dtype([(name, "O" if is_text(field) else field) for name, field, _ in told])
        return numpy.dtype("O" if is_text(told) else told).newbyteorder("=")

    def read(self, *selection):
        """The cells that are selected, as a numpy array; texts are objects."""
        import numpy

        told, shape = self.stored_type, self.shape
        selection = [*selection, *[None] * (len(shape) - len(selection))]
        if told is None or (isinstance(told, list) and any(field is None or isinstance(field, list) for _, field, _ in told)):
            raise NotImplementedError(f"'{self.path}' holds cells of a type that cannot be read")
        lengths = [count(size, axis) for size, axis in zip(shape, selection)]
        if is_text(told):
            cells = numpy.empty(len(texts := self.file.texts(self.path, selection)), dtype=object)
            cells[:] = texts
        elif isinstance(told, list):
            cells = self._records(told, selection)
        else:
            cells = numpy.frombuffer(self.file.read(self.path, selection), dtype=told)
            if told[0] == ">":  # pandas and scipy take only this machine's order of bytes
                cells = cells.astype(cells.dtype.newbyteorder("="))
        return cells.reshape(lengths) if lengths else cells.reshape(())

    def _records(self, fields, selection):
        import numpy

        buffer = self.file.read(self.path, selection)
        rows = 1
        for length, axis in zip(self.shape, selection):
            rows *= count(length, axis)
        size = len(buffer) // rows if rows else max(offset + _width(field) for _, field, offset in fields)
        stored = numpy.dtype({
            "names": [name for name, _, _ in fields], "offsets": [offset for _, _, offset in fields], "itemsize": size,
            "formats": ["V16" if field == "text" else field for _, field, _ in fields],
        })  # fmt: skip
        raw = numpy.frombuffer(buffer, dtype=stored)
        cells = numpy.empty(len(raw), dtype=self.dtype)
        for name, field, _ in fields:
            if field == "text":
                bytes_of_cells = numpy.frombuffer(numpy.ascontiguousarray(raw[name]).tobytes(), dtype="u1")
                cells[name] = self.file.texts_at(bytes_of_cells)
            elif is_text(field):
                cells[name] = [value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in raw[name]]
            else:
                cells[name] = raw[name]
        return cells


def is_text(told):
    """Whether cells of the stored type are texts."""
    return isinstance(told, str) and (told == "text" or told[1] in "SU")


def _width(told):
    import numpy

    return 16 if told == "text" else numpy.dtype(told).itemsize


def count(size, axis):
    """How many rows of `size` are selected."""
    if axis is None:
        return size
    if isinstance(axis, tuple):
        return axis[1] - axis[0]
    if axis.ndim == 2:
        return int((axis[:, 1] - axis[:, 0]).sum())
    return len(axis)


def selected(index, size, names=None):
    """The selection of one dimension for what users write in brackets.

    Args:
        index: a position, a slice, a mask, a list of positions or, with `names`, of names.
        size (int): rows of the dimension.
        names (pandas.Index, optional): of the rows.

    Raises:
        IndexError: a position does not exist, or a mask has another length.
        KeyError: a name does not exist.
    """
    import numpy

    if isinstance(index, slice):
        return _of_slice(index, size, names)
    if isinstance(index, (int, numpy.integer)) and not isinstance(index, (bool, numpy.bool_)):
        at = _inside(operator.index(index), size)
        return (at, at + 1)
    if isinstance(index, str):
        at = _named([index], names)[0]
        return (at, at + 1)
    if hasattr(index, "toarray"):  # a sparse mask
        index = index.toarray()
    values = numpy.asarray(index).ravel()
    if values.size == 0:
        return numpy.empty(0, dtype=numpy.int64)
    if values.dtype == bool or (values.dtype == object and all(isinstance(value, (bool, numpy.bool_)) for value in values)):
        if len(values) != size:
            raise IndexError(f"The mask has {len(values)} values for {size} rows: it needs one for each.")
        return numpy.flatnonzero(values.astype(bool))
    if values.dtype.kind in "iu" or (values.dtype.kind == "f" and (values == values.astype(numpy.int64)).all()):
        values = values.astype(numpy.int64)
        wrong = values[(values < -size) | (values >= size)]
        if len(wrong):
            raise IndexError(f"There is no row {wrong[0]}: there are {size}.")
        return numpy.where(values < 0, values + size, values)
    if values.dtype.kind in "OUST":
        return _named(values, names)
    raise IndexError(f"Rows cannot be selected by {values.dtype}: use positions, names, a mask or a slice.")


def _of_slice(index, size, names):
    import numpy

    start, stop = index.start, index.stop
    if isinstance(start, str):
        start = _named([start], names)[0]
    if isinstance(stop, str):
        stop = _named([stop], names)[0] + 1
    begin, end, step = slice(start, stop, index.step).indices(size)
    if step == 1:
        return None if (begin, end) == (0, size) else (begin, max(begin, end))
    return numpy.arange(begin, end, step, dtype=numpy.int64)


def _inside(at, size):
    if not -size <= at < size:
        raise IndexError(f"There is no row {at}: there are {size}.")
    return at + size if at < 0 else at


def _named(wanted, names):
    import numpy

    if names is None:
        raise IndexError(f"Rows have no names here, so {wanted[0]!r} cannot be found: use positions.")
    if not names.is_unique:
        raise KeyError(f"{names[names.duplicated()][0]!r} names several rows: select by positions")
    positions = names.get_indexer(wanted)
    missing = [name for name, at in zip(wanted, positions) if at < 0]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise KeyError(f"there is no row named {missing[0]!r}{more}")
    return positions.astype(numpy.int64)


def composed(outer, inner):
    """The rows of `inner`, which are positions among those of `outer`."""
    if outer is None:
        return inner
    if inner is None:
        return outer
    if isinstance(outer, tuple):
        return (outer[0] + inner[0], outer[0] + inner[1]) if isinstance(inner, tuple) else inner + outer[0]
    return outer[inner[0] : inner[1]] if isinstance(inner, tuple) else outer[inner]


def of_names(names, selection):
    """The names of selected rows."""
    if selection is None:
        return names
    return names[selection[0] : selection[1]] if isinstance(selection, tuple) else names[selection]


def axes(index, sizes, names=None):
    """The selections for what stands in brackets: one for each dimension, and which of them to drop as plain positions."""
    import numpy

    index = index if isinstance(index, tuple) else (index,)
    if sum(part is Ellipsis for part in index) == 1:
        at = [part is Ellipsis for part in index].index(True)
        index = (*index[:at], *[slice(None)] * (len(sizes) - len(index) + 1), *index[at + 1 :])
    if len(index) > len(sizes):
        raise IndexError(f"{len(index)} dimensions were selected of {len(sizes)}.")
    index = (*index, *[slice(None)] * (len(sizes) - len(index)))
    names = names or [None] * len(sizes)
    dropped = tuple(i for i, part in enumerate(index) if isinstance(part, (int, numpy.integer)) and not isinstance(part, (bool, numpy.bool_)))
    return [selected(part, size, known) for part, size, known in zip(index, sizes, names)], dropped
