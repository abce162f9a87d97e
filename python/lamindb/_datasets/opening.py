"""What `Artifact.open()` gives of HDF5 files, zarr folders and TileDB-SOMA stores."""

import os
import shutil
import tempfile

from .. import _core
from .._surface.lazy import later
from .arrays import open_place, open_remote
from .edit import Edit

AnnDataAccessor = later("lamindb._datasets.accessor", "AnnDataAccessor")
BackedAccessor, SpatialDataAccessor = later("lamindb._datasets.other_accessors", "BackedAccessor", "SpatialDataAccessor")
open_soma = later("lamindb._datasets.soma", "open_soma")

_COMPRESSED = (".h5ad.gz", ".h5.gz", ".hdf5.gz")


def open_artifact(artifact, kind, mode="r", **kwargs):
    """The content of an artifact for reading in parts; with another mode, for a change that becomes a new version."""
    if kind == "soma":
        return open_soma(artifact, mode, **kwargs)
    if mode != "r":
        return _of_zarr(Edit(artifact))
    draft = artifact.__dict__.get("_draft")
    place = (os.fspath(draft.source),) if draft is not None and draft.source else _core.array_place(artifact)
    if len(place) > 1:
        opened = _far(artifact, place, kind)
        if opened is not None:
            return opened
        place = (os.fspath(artifact._local()),)
    return _of_zarr(None, place) if kind == "zarr" else _of_hdf5(place[0], artifact.suffix)


def _far(artifact, place, kind):
    """The accessor of an AnnData file or folder in a store, read by ranges; None for what needs a local copy."""
    if kind == "hdf5" and artifact.suffix != ".h5ad":
        return None
    try:
        root = open_place(place)
    except NotImplementedError:  # a store that only fsspec knows
        if kind == "zarr":
            return None
        root = open_remote(artifact.path)
    if kind == "zarr" and root.encoding != "anndata":
        return SpatialDataAccessor(root, _name(place)) if "spatialdata_attrs" in root.attrs else None
    return AnnDataAccessor(root, _name(place))


def _of_hdf5(path, suffix):
    if suffix in _COMPRESSED:
        return _decompressed(path, suffix)
    if suffix == ".h5ad":
        return AnnDataAccessor(open_place((path,)), os.path.basename(path), _h5py(path))
    return BackedAccessor(None, _h5py(path)())


def _name(place):
    return os.path.basename(place[-1].rstrip("/"))


def _h5py(path):
    """What opens the file for h5py, once it is known that this does no harm."""

    def opener():
        _core.check_foreign_file(path)
        import h5py

        return h5py.File(path, "r")

    return opener


def _zarr(path, mode="r"):
    def opener():
        import zarr

        return zarr.open_group(path, mode=mode, use_consolidated=False)

    return opener


def _of_zarr(edit, place=None):
    path = place[0] if edit is None else edit.path
    root, name = open_place((path,)), os.path.basename(path.rstrip("/"))
    storage = _zarr(path, "r" if edit is None else "r+")
    if "spatialdata_attrs" in root.attrs:
        return SpatialDataAccessor(root, name, storage, edit)
    if root.encoding == "anndata":
        return AnnDataAccessor(root, name, storage, edit)
    return BackedAccessor(None, storage(), edit)


def _decompressed(path, suffix):
    """Compressed files are read from a copy that goes when it is closed."""
    import gzip

    copy = tempfile.NamedTemporaryFile(suffix=suffix.removesuffix(".gz"))
    with gzip.open(path) as file:
        shutil.copyfileobj(file, copy, 1 << 20)
    copy.flush()
    if suffix == ".h5ad.gz":
        accessor = AnnDataAccessor(open_place((copy.name,)), os.path.basename(path), _h5py(copy.name))
        accessor._copy = copy
        return accessor
    return BackedAccessor(copy, _h5py(copy.name)())
