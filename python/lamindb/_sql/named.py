"""What a query calls by a name: artifacts by key, uid or pattern, collections, tables that are passed."""

from .. import _core
from .._process.classes import class_of
from ..errors import InvalidArgument, ObjectDoesNotExist
from .engines import duckdb_source, kind_of, literal
from .slots import slot_table

SLOTTED = ("h5ad", "zarr", "h5mu")


def source_called(name, read, slot=None):
    """The tables of what has this key or uid, or of all artifacts that a pattern fits, as one; appends them to `read`."""
    Artifact, Collection = class_of("Artifact"), class_of("Collection")
    if "*" in name or "?" in name:
        found = [row for row in Artifact.filter(key__startswith=_stem(name)).order_by("id").to_list() if _fits(row, name)]
        if not found:
            raise ObjectDoesNotExist(f"No artifact has a key that fits {name!r}.")
        return _source(found, read, slot)
    row = _latest(Artifact, name)
    if row is None:
        row = _latest(Collection, name)
    if row is None:
        raise ObjectDoesNotExist(
            f"There is no table {name!r}: neither a registry, nor an artifact or collection with this key or uid, nor a table "
            f"that is passed by this name."
        )
    return source_of(row, read, slot)


def source_of(given, read, slot=None):
    """What DuckDB reads an object from: an artifact, a collection, a query set of artifacts, or a table in memory."""
    registry = getattr(type(given), "__registry__", None)
    if registry == "Collection":
        read.append(given)
        return _source(given.ordered_artifacts.to_list(), None, slot)
    if registry == "Artifact":
        return _source([given], read, slot)
    if getattr(getattr(given, "model", None), "__registry__", None) == "Artifact":
        return _source(list(given), read, slot)
    if isinstance(given, dict) and given and all(str(path).endswith(".parquet") for path in given.values()):  # an index of `each`
        return f"select * from read_parquet({literal([str(path) for path in given.values()])}, union_by_name = true)"
    if slot is not None or not (hasattr(given, "columns") or hasattr(given, "__arrow_c_stream__") or hasattr(given, "scanner")):
        raise InvalidArgument(f"{given!r} is not a table: pass artifacts, a collection, or a table in memory")
    return given


def slots_asked(artifacts, table):
    """Whether these artifacts hold AnnData and the like, and which of their tables is asked for; None of other files."""
    slotted = [artifact for artifact in artifacts if _core.format_of(artifact.suffix).get("name") in SLOTTED]
    if not slotted:
        if table is not None:
            raise InvalidArgument(f"table={table!r} goes with AnnData, MuData and SpatialData: {artifacts[0].suffix} files are one table")
        return None
    if len(slotted) != len(artifacts):
        raise ValueError(f"The artifacts in the collection have different file formats: {', '.join(suffixes_of(artifacts))}.")
    return table or "obs"


def suffixes_of(artifacts):
    """Their suffixes, each once."""
    return sorted({artifact.suffix for artifact in artifacts})


def only_kind(artifacts, paths):
    """What engines call the files of artifacts; refuses several kinds, and one that is not a table."""
    kinds = {kind_of(artifact.suffix, path) for artifact, path in zip(artifacts, paths)}
    if len(kinds) != 1:
        raise ValueError(
            f"The artifacts in the collection have different file formats: {', '.join(suffixes_of(artifacts))}. "
            f"Open those of one format."
        )
    kind = kinds.pop()
    if kind is None:
        suffix = suffixes_of(artifacts)[0] or "suffix-less"
        raise ValueError(f"{suffix} files cannot be opened as a table, only {_core.datasets()}: use .load() or .cache()")
    return kind


def _source(artifacts, read, slot):
    if not artifacts:
        raise ObjectDoesNotExist("There is nothing to read: no artifact was found.")
    if read is not None:
        read.extend(artifacts)
    slot = slots_asked(artifacts, slot)
    paths = local_paths(artifacts)
    uids = [artifact.uid for artifact in artifacts]
    if slot is not None:
        return slot_table(paths, slot, uids)
    return duckdb_source(paths, only_kind(artifacts, paths), uids)


def local_paths(artifacts):
    """Where the contents of artifacts are on this machine; those that are elsewhere are fetched together."""
    if not artifacts:
        return []
    return list(map(str, _core.cache_artifacts(_core.session_of(artifacts[0]), list(artifacts))))


def _latest(model, name):
    row = model.filter(key=name, is_latest=True).order_by("-id").first()
    return row if row is not None or "/" in name or "." in name else model.filter(uid__startswith=name).order_by("-is_latest", "-id").first()


def _stem(pattern):
    return pattern[: min(i for i in (pattern.find("*"), pattern.find("?")) if i >= 0)]


def _fits(artifact, pattern):
    from fnmatch import fnmatchcase

    return artifact.is_latest and artifact.key is not None and fnmatchcase(artifact.key, pattern)
