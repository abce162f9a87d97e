"""Artifacts of datasets: tables, AnnData, MuData, SpatialData, experiments; as objects in memory or as files."""

import os

from lamindb import _core
from lamindb._datasets.loaders import load_file
from lamindb._datasets.writers import is_table, otype_of, remove, suffix_of, suffix_of_table, write, write_table
from lamindb._process.paths import as_place
from lamindb._surface.lazy import later

LazyArtifact = later("lamindb.models.lazy_artifact", "LazyArtifact")
schema_of = later("lamindb.examples.schemas", "schema_of")
AnnDataCurator, DataFrameCurator = later("lamindb.curators.core", "AnnDataCurator", "DataFrameCurator")
MuDataCurator, SpatialDataCurator, TiledbsomaExperimentCurator = later(
    "lamindb.curators.composite", "MuDataCurator", "SpatialDataCurator", "TiledbsomaExperimentCurator"
)
FileCurator, can_read = later("lamindb.curators.on_file", "FileCurator", "can_read")


class FromData:
    """What makes artifacts of datasets: methods of Artifact."""

    @classmethod
    def from_dataframe(cls, df, *, key=None, description=None, run=None, revises=None, schema=None, features=None,
                       parquet_kwargs=None, csv_kwargs=None, **kwargs):  # fmt: skip
        """An artifact of a table, or of a parquet or CSV file; validated if a schema is passed.

        Values that the schema converts are saved as converted.

        Args:
            df (pandas.DataFrame | polars.DataFrame | polars.LazyFrame | pyarrow.Table | str | PathLike): the data, or the path of a
                file.
            key (str, optional): path-like name under which it gets versions; one that ends with .csv, .tsv, .feather or .jsonl is
                written so, otherwise the table becomes a parquet file.
            description (str, optional): what it is.
            run (Run | False, optional): what makes it; otherwise the tracked run.
            revises (Artifact, optional): the version that this one replaces.
            schema (Schema | "valid_features", optional): what the data must be.
            features (dict, optional): {feature: value} to set on the artifact.
            parquet_kwargs (dict, optional): of `DataFrame.to_parquet`.
            csv_kwargs (dict, optional): of `DataFrame.to_csv`, also for .tsv.
            **kwargs: of :meth:`Artifact`.

        Raises:
            ValidationError: the data does not fit the schema; it lists everything that is wrong.

        Example:

            >>> table = ln.Artifact.from_dataframe(df, key="blood/table.csv")
            >>> table.suffix
            '.csv'
        """
        schema = schema_of(schema)
        common = _common("DataFrame", key, description, run, revises, features, kwargs)
        df = as_place(df)
        if isinstance(df, (str, os.PathLike)):
            return _of_file(cls, os.fspath(df), DataFrameCurator, schema, features, common)
        if not is_table(df):
            raise ValueError(f"data is not a DataFrame but a {type(df).__name__}")
        curator = None if schema is None else _valid(DataFrameCurator, df, schema, features)
        data = df if curator is None else curator.dataset
        path = _core.new_draft(suffix_of_table(key))
        kwargs = {"parquet": parquet_kwargs, "csv": csv_kwargs, "tsv": csv_kwargs}.get(_core.format_of(_core.suffix_of(path))["name"])
        n_rows = write_table(data, path, **(kwargs or {}))
        return _made(cls, path, curator, df, n_observations=n_rows, **common)

    @classmethod
    def from_anndata(cls, adata, *, key=None, description=None, run=None, revises=None, schema=None, features=None,
                     format=None, h5ad_kwargs=None, zarr_kwargs=None, **kwargs):  # fmt: skip
        """An artifact of an AnnData object, or of an h5ad file or zarr folder; validated if a schema is passed.

        Args:
            adata (AnnData | str | PathLike): the data, or the path of a file.
            key (str, optional): path-like name under which it gets versions.
            description (str, optional): what it is.
            run (Run | False, optional): what makes it; otherwise the tracked run.
            revises (Artifact, optional): the version that this one replaces.
            schema (Schema | str, optional): what the data must be, slot by slot.
            features (dict, optional): {feature: value} to set on the artifact.
            format ("h5ad" | "zarr" | "anndata.zarr", optional): how it is written; otherwise as the key ends, or h5ad.
            h5ad_kwargs (dict, optional): of `AnnData.write_h5ad`.
            zarr_kwargs (dict, optional): of `AnnData.write_zarr`.
            **kwargs: of :meth:`Artifact`.

        Raises:
            ValidationError: the data does not fit the schema; it lists everything that is wrong.

        Example::

            ln.Artifact.from_anndata(adata, key="blood/pbmc.h5ad", schema=schema).save()
        """
        schema = schema_of(schema)
        common = _common("AnnData", key, description, run, revises, features, kwargs)
        adata = as_place(adata)
        if isinstance(adata, (str, os.PathLike)):
            path = os.fspath(adata)
            common["n_observations"], _ = _core.shape_of(path)
            return _of_file(cls, path, AnnDataCurator, schema, features, common)
        if otype_of(adata) != "AnnData":
            raise ValueError(f"data has to be an AnnData object or a path to AnnData-like, not a {type(adata).__name__}")
        suffix = suffix_of("AnnData", key, format)
        curator = None if schema is None else _valid(AnnDataCurator, adata, schema, features)
        path = _core.new_draft(suffix)
        n_obs = write(adata, path, **((h5ad_kwargs if suffix == ".h5ad" else zarr_kwargs) or {}))
        return _made(cls, path, curator, adata, n_observations=n_obs, **common)

    @classmethod
    def from_mudata(cls, mdata, *, key=None, description=None, run=None, revises=None, schema=None, features=None, format=None, **kwargs):
        """An artifact of a MuData object, or of an h5mu file or zarr folder; validated if a schema is passed.

        Arguments and errors as in :meth:`from_anndata`.

        Args:
            mdata (MuData | str | PathLike): the data, or the path of a file.
            format ("h5mu" | "zarr" | "mudata.zarr", optional): how it is written; otherwise as the key ends, or h5mu.

        Example::

            ln.Artifact.from_mudata(mdata, key="blood/pbmc.h5mu", schema=schema).save()
        """
        schema = schema_of(schema)
        common = _common("MuData", key, description, run, revises, features, kwargs)
        mdata = as_place(mdata)
        if isinstance(mdata, (str, os.PathLike)):
            _check_file(mdata, "MuData")
            return _of_file(cls, os.fspath(mdata), MuDataCurator, schema, features, common)
        if otype_of(mdata) != "MuData":
            raise ValueError(f"data has to be a MuData object or a path to MuData-like, not a {type(mdata).__name__}")
        path = _core.new_draft(suffix_of("MuData", key, format))
        curator = None if schema is None else _valid(MuDataCurator, mdata, schema, features)
        n_obs = write(mdata, path)
        return _made(cls, path, curator, mdata, n_observations=n_obs, **common)

    @classmethod
    def from_spatialdata(cls, sdata, *, key=None, description=None, run=None, revises=None, schema=None, features=None, format=None,
                         **kwargs):  # fmt: skip
        """An artifact of a SpatialData object, or of its zarr folder; validated if a schema is passed.

        Arguments and errors as in :meth:`from_anndata`.

        Args:
            sdata (SpatialData | str | PathLike): the data, or the path of a folder.
            format ("zarr" | "spatialdata.zarr", optional): the suffix; otherwise as the key ends.

        Example::

            ln.Artifact.from_spatialdata(sdata, key="brain/slide1.zarr", schema=schema).save()
        """
        schema = schema_of(schema)
        common = _common("SpatialData", key, description, run, revises, features, kwargs)
        sdata = as_place(sdata)
        if isinstance(sdata, (str, os.PathLike)):
            _check_file(sdata, "SpatialData")
            return _of_file(cls, os.fspath(sdata), SpatialDataCurator, schema, features, common)
        if otype_of(sdata) != "SpatialData":
            raise ValueError(f"data has to be a SpatialData object or a path to SpatialData-like, not a {type(sdata).__name__}")
        path = _core.new_draft(suffix_of("SpatialData", key, format))
        curator = None if schema is None else _valid(SpatialDataCurator, sdata, schema, features)
        write(sdata, path)
        return _made(cls, path, curator, sdata, **common)

    @classmethod
    def from_tiledbsoma(cls, exp, *, key=None, description=None, run=None, revises=None, schema=None, features=None, **kwargs):
        """An artifact of a TileDB-SOMA experiment on disk; validated if a schema is passed.

        Arguments and errors as in :meth:`from_anndata`.

        Args:
            exp (tiledbsoma.Experiment | str | PathLike): the experiment, or the path of its folder, which ends with .tiledbsoma.

        Raises:
            ValueError: it is none.

        Example::

            ln.Artifact.from_tiledbsoma("cells.tiledbsoma", key="blood/cells.tiledbsoma", schema=schema).save()
        """
        schema = schema_of(schema)
        common = _common("tiledbsoma", key, description, run, revises, features, kwargs)
        wanted = "data has to be a SOMA Experiment object or a path to SOMA Experiment store."
        exp = as_place(exp)
        if isinstance(exp, (str, os.PathLike)):
            path = os.fspath(exp)
        elif hasattr(exp, "uri"):
            path = exp.uri.removeprefix("file://")
        else:
            raise ValueError(f"{wanted} This is a {type(exp).__name__}.")
        if not path.rstrip("/").endswith(".tiledbsoma"):
            raise ValueError(f"{wanted} '{path}' does not end with .tiledbsoma.")
        import tiledbsoma

        with tiledbsoma.Experiment.open(path) as experiment:
            curator = None if schema is None else _valid(TiledbsomaExperimentCurator, experiment, schema, features)
            n_obs = experiment.obs.count
        return _curated(cls(path, n_observations=n_obs, **common), curator)

    @classmethod
    def from_lazy(cls, suffix, overwrite_versions, key=None, description=None, run=None, **kwargs):
        """A path to write to, which becomes an artifact when it is saved.

        Args:
            suffix (str): how the path ends, such as ".zarr".
            overwrite_versions (bool): keep only the newest version.
            key (str, optional): path-like name under which it gets versions, with this suffix.
            description (str, optional): what it is.
            run (Run | False, optional): what makes it; otherwise the tracked run.
            **kwargs: of :meth:`Artifact`.

        Returns:
            LazyArtifact: write to its `path`, then `save()` it.

        Example:

            >>> lazy = ln.Artifact.from_lazy(".txt", overwrite_versions=False, key="lazy.txt")
            >>> _ = lazy.path.write_text("in parts")
            >>> lazy.save().key
            'lazy.txt'
        """
        return LazyArtifact(suffix, overwrite_versions, key=key, description=description, run=run, **kwargs)


def _common(otype, key, description, run, revises, features, others):
    """What all constructors pass on."""
    others = dict(others)
    return dict(key=key, description=description, run=run, revises=revises, features=features, kind=others.pop("kind", "dataset"),
                otype=otype, **others)  # fmt: skip


def _of_file(cls, path, kind, schema, features, common):
    """An artifact of a file; the core validates it in place if it can, otherwise the object is loaded."""
    if schema is None:
        return cls(path, **common)
    if kind in (DataFrameCurator, AnnDataCurator) and can_read(path, schema):
        curator = FileCurator(path, schema, features)
        common.setdefault("n_observations", curator.n_rows)
        if curator.changed:
            written = _core.new_draft(_core.suffix_of(path))
            curator.write(written)
            return _made(cls, written, curator, **common)
        return _curated(cls(path, **common), curator)
    curator = _valid(kind, load_file(path), schema, features)
    common.setdefault("n_observations", getattr(curator.dataset, "n_obs", None))
    return _curated(cls(path, **common), curator)


def _check_file(path, otype):
    """A file that holds another object is refused; a zarr folder that does not say what it holds is believed."""
    path = os.fspath(path)
    found = _core.otype_of(path)
    if found != otype and (found or not path.endswith(".zarr")):
        raise ValueError(f"data has to be a {otype} object or a path to {otype}-like, not {path!r}")


def _valid(kind, data, schema, features):
    """A curator of this kind that found the data valid, with the registries of the current instance."""
    curator = kind(data, schema_of(schema), features=features)
    curator.validate()
    return curator.here()


def _made(cls, path, curator, data=None, **kwargs):
    """An artifact of a temporary file written for it; if this process dies first, `lamin gc` knows the owner."""
    try:
        artifact = cls(path, temporary_source=True, **kwargs)
    except BaseException:
        remove(path)
        raise
    artifact.__dict__["_temporary"] = path
    artifact.__dict__["_memory"] = data
    return _curated(artifact, curator)


def _curated(artifact, curator):
    """The artifact, to be saved with what the curator knows of it."""
    if curator is not None:
        artifact.__dict__["_curator"] = curator
        artifact.schema = curator._schema
    return artifact
