"""Contents of many artifacts as one: loaded, or opened by an engine."""

from .. import _core
from .._datasets.inputs import note_input
from .._process.paths import upath
from ..errors import InvalidArgument
from .engines import check_engine, kind_of, open_files, open_slots
from .named import SLOTTED, local_paths, only_kind, slots_asked, suffixes_of


def load_together(artifacts, join="outer", is_run_input=None, **kwargs):
    """The contents of these artifacts, concatenated: data frames, or AnnData objects with the uid of the artifact in `obs`."""
    _some(artifacts)
    suffixes = suffixes_of(artifacts)
    if len(suffixes) != 1:
        raise ValueError(f"Can only load collections where all artifacts have the same suffix, not {', '.join(suffixes)}")
    if join not in ("outer", "inner"):
        raise ValueError(f"join is {join!r} but has to be 'outer' or 'inner'")
    local_paths(artifacts)  # fetched in parallel
    loaded = [artifact.load(is_run_input=is_run_input) for artifact in artifacts]
    if hasattr(loaded[0], "obs") and hasattr(loaded[0], "var") and not hasattr(loaded[0], "mod"):
        import anndata

        return anndata.concat(loaded, **{"join": join, "label": "artifact_uid", "keys": [a.uid for a in artifacts], **kwargs})
    if not hasattr(loaded[0], "columns"):
        raise ValueError(f"the contents of {suffixes[0]} files cannot be put together")
    import pandas

    return pandas.concat(loaded, **{"join": join, **kwargs})


def open_table(path, suffix, engine="pyarrow", table=None, **kwargs):
    """A local file that is a table, or obs or another table of a dataset, opened by an engine."""
    if _core.format_of(suffix).get("name") in SLOTTED:
        return open_slots([path], table or "obs", engine)
    kind = kind_of(suffix, path)
    if table is not None:
        raise InvalidArgument(f"table={table!r} goes with AnnData, MuData and SpatialData, not with {suffix or 'suffix-less'} files")
    if kind is None:
        raise ValueError(f"Cannot open {suffix or 'suffix-less'} files in parts: use .load() or .cache(). Tables are {_core.datasets()}")
    return open_files([path], kind, engine, **kwargs)


def open_together(artifacts, engine="pyarrow", is_run_input=None, table=None, **kwargs):
    """The tables of these artifacts as one, opened by an engine."""
    check_engine(engine)
    _some(artifacts)
    slot = slots_asked(artifacts, table)
    paths = local_paths(artifacts)
    uids = [artifact.uid for artifact in artifacts]
    if slot is not None:
        opened = open_slots(paths, slot, engine, uids)
    else:
        opened = open_files(paths, only_kind(artifacts, paths), engine, uids, **kwargs)
    for artifact in artifacts:
        note_input(artifact, is_run_input)
    return opened


def cache_together(artifacts):
    """Local paths of these artifacts, in order; what is elsewhere is fetched in parallel."""
    return [upath(path) for path in local_paths(artifacts)]


def _some(artifacts):
    if not artifacts:
        raise ValueError("there are no artifacts to read")
