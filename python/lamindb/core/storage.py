"""Files of a storage as LaminDB names and writes them, and what `Artifact.open()` gives; its other names are not implemented yet."""

import os

from lamindb import _core
from lamindb._datasets import writers
from lamindb._process import session as _session
from lamindb._process.logger import logger
from lamindb._surface.lazy import public
from lamindb.errors import FileDoesNotExist

__all__ = ["delete_storage", "infer_suffix", "write_to_disk"]


def infer_suffix(dmem, format=None):
    """The suffix that LaminDB determines for a file, or gives the file of a dataset in memory.

    Args:
        dmem (str | PathLike | DataFrame | AnnData | MuData | SpatialData): a path, at which nothing needs to be, or a dataset.
        format (str, optional): of a dataset, how it is to be written.

    Raises:
        ValueError: such a dataset is not written so.

    Example:

        >>> ln.core.storage.infer_suffix("a/b.anndata.zarr"), ln.core.storage.infer_suffix(df)
        ('.anndata.zarr', '.parquet')
    """
    if isinstance(dmem, (str, os.PathLike)):
        return _core.suffix_of(os.fspath(dmem))
    otype = writers.otype_of(dmem)
    if otype is None:
        raise NotImplementedError(f"a {type(dmem).__name__} has no suffix")
    return writers.suffix_of(otype, None, format)


def write_to_disk(dmem, filepath, **kwargs):
    """Writes a dataset in memory to a file, as the path ends.

    Args:
        dmem (DataFrame | AnnData | MuData | SpatialData): the dataset.
        filepath (str | PathLike): where to.
        **kwargs: of the function that writes it, such as `DataFrame.to_parquet`.

    Raises:
        NotImplementedError: it is no dataset.

    Example:

        >>> ln.core.storage.write_to_disk(df, "written.parquet")
    """
    writers.write(dmem, filepath, **kwargs)


def delete_storage(storagepath, raise_file_not_found_error=True):
    """Deletes a file or folder in the default storage that belongs to no artifact.

    Args:
        storagepath (str | PathLike): a local path.
        raise_file_not_found_error (bool): whether a missing one is an error.

    Returns:
        str | None: "did-not-delete" for a path outside of the storage.

    Raises:
        FileDoesNotExist: there is nothing at the path.
        InvalidArgument: an artifact is there, in it or around it, or it belongs to the instance.

    Example:

        >>> scratch = ln.settings.storage.root / "scratch.txt"
        >>> _ = scratch.write_text("not an artifact")
        >>> ln.core.storage.delete_storage(scratch)
    """
    try:
        removed = _core.remove_scrap(_session.current(), os.path.abspath(os.fspath(storagepath)))
    except FileDoesNotExist:
        if raise_file_not_found_error:
            raise
        return None
    if not removed:
        logger.warning("couldn't delete files outside of default storage")
        return "did-not-delete"
    return None


_ACCESSOR, _OTHERS = "lamindb._datasets.accessor", "lamindb._datasets.other_accessors"
__getattr__, __dir__ = public(__name__, {
    "UPath": "lamindb._process.paths", "CanonicalSuffix": "lamindb.base.canonical_suffix", "AnnDataAccessor": _ACCESSOR, "AnnDataAccessorSubset": _ACCESSOR,
    "BackedAccessor": _OTHERS, "SpatialDataAccessor": _OTHERS, "save_tiledbsoma_experiment": "lamindb._datasets.soma",
})  # fmt: skip
