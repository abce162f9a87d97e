"""Extra methods for results of some registries: artifacts whose contents are combined, records that form a table."""

import os

from .. import _core
from .._process.logger import logger


class ArtifactSet:
    """Query sets of artifacts: their contents can be loaded together.

    Example:

        >>> isinstance(ln.Artifact.filter(), ln.models.ArtifactSet)
        True
    """

    def load(self, join="outer", is_run_input=None, **kwargs):
        """The contents in memory, concatenated: data frames, or AnnData objects with the uid of the artifact in `obs`.

        Args:
            join ("outer" | "inner"): which columns or genes to keep.
            is_run_input (bool, optional): note the artifacts as inputs of the tracked run; otherwise if settings say so.
            **kwargs: of `pandas.concat` or `anndata.concat`.

        Raises:
            ValueError: the artifacts have several suffixes, or contents that cannot be put together.

        Example:

            >>> len(ln.Artifact.filter(suffix=".parquet").order_by("id").load())
            2
        """
        return load_together(self._warned(), join, is_run_input, **kwargs)

    def open(self, engine="pyarrow", is_run_input=None, **kwargs):
        """The contents as one pyarrow dataset, for reading in parts.

        Args:
            engine ("pyarrow"): what reads it; "polars" is not implemented yet.
            is_run_input (bool, optional): note the artifacts as inputs of the tracked run.
            **kwargs: of `pyarrow.dataset.dataset`.

        Raises:
            ValueError: the artifacts have several suffixes, or one that is not a table.

        Example:

            >>> ln.Artifact.filter(suffix=".parquet").order_by("id").open().count_rows()
            2
        """
        return open_together(self._warned(), engine, is_run_input, **kwargs)

    def _warned(self):
        if not self.ordered:
            logger.warning("these artifacts are in no order, put .order_by() before .load() and .open()")
        return list(self)


class RecordSet:
    """Query sets of records: those of one sheet form a table.

    Example:

        >>> isinstance(ln.Record.filter(), ln.models.RecordSet)
        True
    """

    def to_artifact(self, key=None, suffix=None, is_run_input=None, link_individual_inputs=True, features=None):
        """Records of one type as a saved artifact, by default a CSV file.

        Args:
            key (str, optional): otherwise "record_exports/", the name of the type and "_subset".
            suffix (str, optional): ".csv" or ".parquet", instead of a key.
            is_run_input (Run | bool, optional): the run whose inputs they are; otherwise one of the export.
            link_individual_inputs (bool): note every record as an input, rather than the type alone.
            features (list[str], optional): columns for these features instead of all.

        Raises:
            ValueError: the records are of several types.

        Example::

            ln.Record.filter(type=sheet, name__startswith="A").to_artifact(key="some.csv")
        """
        return self.model._export(self, key, suffix, is_run_input, link_individual_inputs, features)


def load_together(artifacts, join="outer", is_run_input=None, **kwargs):
    """The contents of these artifacts, concatenated: data frames, or AnnData objects with the uid of the artifact in `obs`."""
    suffix = _only_suffix(artifacts)
    loaded = [artifact.load(is_run_input=is_run_input) for artifact in artifacts]
    if hasattr(loaded[0], "obs"):
        import anndata

        return anndata.concat(loaded, **{"join": join, "label": "artifact_uid", "keys": [a.uid for a in artifacts], **kwargs})
    if not hasattr(loaded[0], "columns"):
        raise ValueError(f"the contents of {suffix} files cannot be put together")
    import pandas

    return pandas.concat(loaded, join=join, **kwargs)


def open_together(artifacts, engine="pyarrow", is_run_input=None, **kwargs):
    """The tables of these artifacts as one pyarrow dataset."""
    if engine == "polars":
        raise NotImplementedError("open(engine='polars') of several artifacts is not implemented in lamindb-native yet")
    if engine != "pyarrow":
        raise ValueError(f"engine is {engine!r} but has to be 'pyarrow' or 'polars'")
    suffix = _only_suffix(artifacts)
    kind = _core.format_of(suffix).get("dataset")
    if kind is None:
        raise ValueError(f"{suffix} files cannot be opened together, only {_core.datasets()}")
    from pyarrow import dataset

    paths = [os.fspath(artifact.cache(is_run_input=is_run_input)) for artifact in artifacts]
    return dataset.dataset(paths, **{"format": kind, **kwargs})


def _only_suffix(artifacts):
    suffixes = {artifact.suffix for artifact in artifacts}
    if len(suffixes) != 1:
        raise ValueError(f"Can only load collections where all artifacts have the same suffix, not {sorted(suffixes)}")
    return suffixes.pop()
