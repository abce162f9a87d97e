"""Extra methods for results of some registries: artifacts whose contents are combined, records that form a table."""

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
        return self.model._load_together(self._warned(), join, is_run_input, **kwargs)

    def open(self, engine="pyarrow", is_run_input=None, *, table=None, **kwargs):
        """The tables in the contents as one, for reading in parts.

        obs (or var) of AnnData, MuData and SpatialData files are tables, too, of which only the columns that are asked for
        are read. Rows of DuckDB, and of obs, have a column `artifact_uid`.

        Args:
            engine ("pyarrow" | "polars" | "duckdb"): a pyarrow dataset, a polars lazy frame, which a `with` gives, or a
                relation of DuckDB.
            is_run_input (bool, optional): note the artifacts as inputs of the tracked run.
            table (str, optional): "obs", "var", or one of a modality, such as "rna:obs"; otherwise "obs".
            **kwargs: of what opens the files: `pyarrow.dataset.dataset`, `polars.scan_parquet`, `read_parquet` of DuckDB.

        Raises:
            ValueError: the artifacts have several formats, or one that is not a table; an unknown engine.
            ImportError: the engine is not installed.

        Example:

            >>> ln.Artifact.filter(suffix=".parquet").order_by("id").open().count_rows()
            2
        """
        return self.model._open_together(self._warned(), engine, is_run_input, table=table, **kwargs)

    def each(self, work, *, executor=None, is_run_input=None, **options):
        """The same work on each artifact, on all cores here or on a cluster; results are in the database, and in what it returns.

        A worker opens the instance by its name. A batch of a worker that is lost goes to another one. Doing it twice does no
        harm, and what failed is named when everything else is done. A function has to be one that can be pickled.

        Args:
            work ("cache" | "verify" | "copy" | "index" | "curate" | "convert" | Callable): bring the content to the worker's
                machine; compare all bytes with their digest; copy it to a folder (`to=`); write its obs, or another `table=`,
                as a Parquet file to a folder (`to=`), all of which are one table for SQL; validate it with a schema and
                annotate the artifact (`schema=`, its name); save it in another format (`to=".zarr"`); or a function of an
                artifact.
            executor (str, optional): "dask://host:port", "ray://host:port" or "local://4"; otherwise `ln.settings.executor`.
            is_run_input (bool, optional): note the artifacts as inputs of the tracked run; otherwise if settings say so.
            **options: of the work.

        Returns:
            EachResult: {uid: what the work returned}.

        Raises:
            Unavailable: some failed, or no cluster answers.
            InvalidArgument: there is no such work or executor.

        Example:

            >>> list(ln.Artifact.filter(suffix=".parquet").each("verify").values())
            ['sound']
        """
        return self.model._each(list(self), work, executor, is_run_input, **options)

    def mapped(self, layers_keys=None, obs_keys=None, obsm_keys=None, obs_filter=None, join="inner", encode_labels=True,
               unknown_label=None, cache_categories=True, parallel=False, dtype=None, stream=False, is_run_input=None):  # fmt: skip
        """The AnnData files among them as one map-style dataset for data loaders.

        Args:
            layers_keys (str | list[str], optional): matrices: "X", "raw.X", or names of layers; otherwise "X".
            obs_keys (str | list[str], optional): columns of obs.
            obsm_keys (str | list[str], optional): arrays of obsm.
            obs_filter (dict, optional): only observations with these values: {column: value or list of values}.
            join ("inner" | "outer", optional): which variables: those of all files or of any; None for each file's own.
            encode_labels (bool | list[str]): labels as integers; a list of columns for these alone.
            unknown_label (str | dict, optional): the label that becomes -1.
            cache_categories (bool): categories are always in memory.
            parallel (bool): it can always be used by several processes.
            dtype (str, optional): of the matrices; otherwise as stored.
            stream (bool): read files that are not local by ranges, without a copy in the cache.
            is_run_input (bool | Run, optional): note them as inputs of the tracked run; otherwise if settings say so.

        Returns:
            MappedCollection: see :class:`lamindb.core.MappedCollection`.

        Raises:
            ValueError: nothing can be mapped, or arguments do not fit together.

        Example::

            with ln.Artifact.filter(suffix=".h5ad").order_by("id").mapped(obs_keys="cell_type") as dataset:
                dataset[0]["X"]
        """
        return self.model._map_together(
            self._warned(), stream, is_run_input, layers_keys=layers_keys, obs_keys=obs_keys, obsm_keys=obsm_keys, obs_filter=obs_filter, join=join,
            encode_labels=encode_labels, unknown_label=unknown_label, cache_categories=cache_categories, parallel=parallel,
            dtype=dtype,
        )

    def _warned(self):
        if not self.ordered:
            logger.warning("these artifacts are in no order, put .order_by() before .load(), .open() and .mapped()")
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
