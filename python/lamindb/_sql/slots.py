"""obs and var of many files as one table: the columns that a query needs, read by the core, a batch per file."""

import os
from collections import OrderedDict

from .. import _core
from .lazy import lazy_table

UID = "artifact_uid"
_TOGETHER = 64  # files that are read at once, and whose columns are in memory at once
_known = OrderedDict()  # {(path, slot, when and how it was written): (rows, columns)}
_MOST_KNOWN = 10_000


class _Columns:
    """Columns that were read, the latest ones, up to so many bytes: a query is often followed by another of the same."""

    most = 256 << 20

    def __init__(self):
        self._held, self._bytes = OrderedDict(), 0

    def get(self, key):
        found = self._held.get(key)
        if found is not None:
            self._held.move_to_end(key)
        return found

    def put(self, key, array):
        if array.nbytes > self.most // 4 or key in self._held:
            return
        self._held[key] = array
        self._bytes += array.nbytes
        while self._bytes > self.most:
            self._bytes -= self._held.popitem(last=False)[1].nbytes


_columns = _Columns()


def slot_table(files, slot, uids=None):
    """The table `slot` of local files as a dataset; with the uid of the artifact, where `uids` are given.

    The column that names the rows is `obs_names` (`var_names`), whatever a file calls it. A column that only some files
    have is null in the others; where the files have different types for it, numbers become floats, all others text.
    """
    import pyarrow

    files = [os.fspath(file) for file in files]
    layouts = _layouts(files, slot)
    names = f"{slot.rsplit(':', 1)[-1]}_names"
    columns = {}  # {name: its types in the files}
    inside = []  # of each file {name: its name there}
    for _, schema, index in layouts:
        taken = set(schema.names) - {index}
        own = {names if name == index and names not in taken else name: name for name in schema.names}
        inside.append(own)
        for name, there in own.items():
            columns.setdefault(name, []).append(schema.field(there).type)
    fields = [pyarrow.field(name, _common(types)) for name, types in columns.items() if not (uids and name == UID)]
    if uids is not None:
        fields.insert(0, pyarrow.field(UID, pyarrow.dictionary(pyarrow.int32(), pyarrow.string())))
    schema = pyarrow.schema(fields)

    def batches(wanted):
        for begin in range(0, len(files), _TOGETHER):
            part = range(begin, min(begin + _TOGETHER, len(files)))
            needed = [[inside[i][name] for name in wanted if name in inside[i] and not (uids and name == UID)] for i in part]
            read = _read([files[i] for i in part], slot, needed)
            for i, arrays in zip(part, read):
                yield _batch(schema, wanted, inside[i], arrays, layouts[i][0], None if uids is None else uids[i])

    return lazy_table(schema, batches, lambda: sum(layout[0] for layout in layouts))


def _layouts(files, slot):
    """(rows, schema, the column that names the rows) of each file; of one that has been seen, without opening it."""
    import pyarrow

    keys = [(file, slot, _stamp(file)) for file in files]
    missing = [i for i, key in enumerate(keys) if key not in _known]
    found = _core.table_layouts([files[i] for i in missing], slot) if missing else []
    fresh = {}
    for i, (rows, frame) in zip(missing, found):
        fresh[keys[i]] = (rows, pyarrow.record_batch(frame).schema, frame.index)
    result = [fresh[key] if key in fresh else _known[key] for key in keys]
    _known.update(fresh)
    while len(_known) > _MOST_KNOWN:
        _known.popitem(last=False)
    return result


def _read(files, slot, needed):
    """{column: array} of each file; those that were read before are not read again."""
    import pyarrow

    stamps = [(file, slot, _stamp(file)) for file in files]
    held = [{name: _columns.get((stamp, name)) for name in names} for stamp, names in zip(stamps, needed)]
    missing = [[name for name, array in columns.items() if array is None] for columns in held]
    some = [i for i, names in enumerate(missing) if names]
    frames = _core.read_tables([files[i] for i in some], slot, [missing[i] for i in some]) if some else []
    for i, frame in zip(some, frames):
        batch = pyarrow.record_batch(frame)
        for name in missing[i]:
            held[i][name] = batch.column(name)
            _columns.put((stamps[i], name), held[i][name])
    return held


def _stamp(file):
    """What changes when a file is written again; of a zarr folder, whose root does not, nothing is trusted."""
    seen = os.stat(file)
    return object() if os.path.isdir(file) else (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns)


def _common(types):
    import pyarrow

    first = types[0]
    if all(kind == first for kind in types):
        return first
    if all(pyarrow.types.is_dictionary(kind) for kind in types):
        return pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    if all(pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind) for kind in types):
        return pyarrow.float64()
    return pyarrow.string()


def _batch(schema, wanted, inside, read, rows, uid):
    import pyarrow

    arrays = []
    for name in wanted:
        kind = schema.field(name).type
        if name == UID and uid is not None:
            codes = pyarrow.nulls(rows, pyarrow.int32()).fill_null(0)
            arrays.append(pyarrow.DictionaryArray.from_arrays(codes, pyarrow.array([uid])))
        elif name in inside:
            arrays.append(_as(read[inside[name]], kind))
        else:
            arrays.append(pyarrow.nulls(rows, kind))
    if not wanted:
        return pyarrow.record_batch(pyarrow.StructArray.from_buffers(pyarrow.struct([]), rows, [None]))
    return pyarrow.record_batch(arrays, schema=pyarrow.schema([schema.field(name) for name in wanted]))


def _as(array, kind):
    import pyarrow

    if array.type == kind:
        return array
    if pyarrow.types.is_dictionary(array.type):
        if pyarrow.types.is_dictionary(kind):  # the same texts, ordered or not
            return pyarrow.DictionaryArray.from_arrays(array.indices, array.dictionary)
        array = array.dictionary_decode()
    return array.cast(kind)
