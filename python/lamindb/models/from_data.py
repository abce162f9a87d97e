"""Artifacts of datasets: tables, AnnData, MuData, SpatialData, experiments; as objects in memory or as files."""

import os

from lamindb import _core
from lamindb._datasets.loaders import load_file
from lamindb._surface.lazy import later

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
            key (str, optional): path-like name under which it gets versions; one that ends with .csv is written as CSV.
            description (str, optional): what it is.
            run (Run | False, optional): what makes it; otherwise the tracked run.
            revises (Artifact, optional): the version that this one replaces.
            schema (Schema | "valid_features", optional): what the data must be.
            features (dict, optional): {feature: value} to set on the artifact.
            parquet_kwargs (dict, optional): of `DataFrame.to_parquet`.
            csv_kwargs (dict, optional): of `DataFrame.to_csv`.
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
        if isinstance(df, (str, os.PathLike)):
            return _of_file(cls, os.fspath(df), DataFrameCurator, schema, features, common)
        if not hasattr(type(df), "columns"):
            raise ValueError(f"data is not a DataFrame but a {type(df).__name__}")
        curator = None if schema is None else _valid(DataFrameCurator, df, schema, features)
        df = df if curator is None else curator.dataset
        path = _core.new_draft(".csv" if key is not None and key.endswith(".csv") else ".parquet")
        n_rows = _write_table(df, path, parquet_kwargs or {}, csv_kwargs or {})
        return _made(cls, path, curator, schema, n_observations=n_rows, **common)

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
        if isinstance(adata, (str, os.PathLike)):
            path = os.fspath(adata)
            common["n_observations"], _ = _core.shape_of(path)
            return _of_file(cls, path, AnnDataCurator, schema, features, common)
        if not hasattr(adata, "obs") or not hasattr(adata, "var"):
            raise ValueError(f"data has to be an AnnData object or a path to AnnData-like, not a {type(adata).__name__}")
        if format is None:
            format = "h5ad"
            for ending in ("anndata.zarr", "zarr"):
                if key is not None and key.endswith("." + ending):
                    format = ending
                    break
        curator = None if schema is None else _valid(AnnDataCurator, adata, schema, features)
        path = _core.new_draft("." + format)
        if format == "h5ad":
            adata.write_h5ad(path, **(h5ad_kwargs or {}))
        else:
            adata.write_zarr(path, **(zarr_kwargs or {}))
        return _made(cls, path, curator, schema, n_observations=adata.n_obs, **common)

    @classmethod
    def from_mudata(cls, mdata, *, key=None, description=None, run=None, revises=None, schema=None, features=None, **kwargs):
        """An artifact of a MuData object, or of an h5mu file; validated if a schema is passed.

        Arguments and errors as in :meth:`from_anndata`.

        Args:
            mdata (MuData | str | PathLike): the data, or the path of a file.

        Example::

            ln.Artifact.from_mudata(mdata, key="blood/pbmc.h5mu", schema=schema).save()
        """
        schema = schema_of(schema)
        common = _common("MuData", key, description, run, revises, features, kwargs)
        if isinstance(mdata, (str, os.PathLike)):
            return _of_file(cls, os.fspath(mdata), MuDataCurator, schema, features, common)
        if not hasattr(mdata, "mod") or not hasattr(mdata, "obs"):
            raise ValueError(f"data has to be a MuData object or a path to MuData-like, not a {type(mdata).__name__}")
        curator = None if schema is None else _valid(MuDataCurator, mdata, schema, features)
        path = _core.new_draft(".h5mu")
        mdata.write_h5mu(path)
        return _made(cls, path, curator, schema, n_observations=mdata.n_obs, **common)

    @classmethod
    def from_spatialdata(cls, sdata, *, key=None, description=None, run=None, revises=None, schema=None, features=None, **kwargs):
        """An artifact of a SpatialData object, or of its zarr folder; validated if a schema is passed.

        Arguments and errors as in :meth:`from_anndata`.

        Args:
            sdata (SpatialData | str | PathLike): the data, or the path of a folder.

        Example::

            ln.Artifact.from_spatialdata(sdata, key="brain/slide1.zarr", schema=schema).save()
        """
        schema = schema_of(schema)
        common = _common("SpatialData", key, description, run, revises, features, kwargs)
        if isinstance(sdata, (str, os.PathLike)):
            return _of_file(cls, os.fspath(sdata), SpatialDataCurator, schema, features, common)
        if not hasattr(sdata, "tables") or not hasattr(sdata, "attrs"):
            raise ValueError(f"data has to be a SpatialData object or a path to SpatialData-like, not a {type(sdata).__name__}")
        curator = None if schema is None else _valid(SpatialDataCurator, sdata, schema, features)
        path = _core.new_draft(".spatialdata.zarr" if key is None or key.endswith(".spatialdata.zarr") else ".zarr")
        sdata.write(path)
        return _made(cls, path, curator, schema, **common)

    @classmethod
    def from_tiledbsoma(cls, exp, *, key=None, description=None, run=None, revises=None, schema=None, features=None, **kwargs):
        """An artifact of a TileDB-SOMA experiment on disk; validated if a schema is passed.

        Arguments and errors as in :meth:`from_anndata`.

        Args:
            exp (tiledbsoma.Experiment | str | PathLike): the experiment, or the path of its folder.

        Example::

            ln.Artifact.from_tiledbsoma("cells.tiledbsoma", key="blood/cells.tiledbsoma", schema=schema).save()
        """
        schema = schema_of(schema)
        common = _common("tiledbsoma", key, description, run, revises, features, kwargs)
        if isinstance(exp, (str, os.PathLike)):
            path = os.fspath(exp)
        elif hasattr(exp, "uri"):
            path = exp.uri.removeprefix("file://")
        else:
            raise ValueError(f"data has to be a SOMA Experiment object or a path to a SOMA Experiment store, not a {type(exp).__name__}")
        import tiledbsoma

        with tiledbsoma.Experiment.open(path) as experiment:
            curator = None if schema is None else _valid(TiledbsomaExperimentCurator, experiment, schema, features)
            n_obs = experiment.obs.count
        return _curated(cls(path, n_observations=n_obs, **common), curator, schema)


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
            return _made(cls, written, curator, schema, **common)
        return _curated(cls(path, **common), curator, schema)
    curator = _valid(kind, load_file(path), schema, features)
    common.setdefault("n_observations", getattr(curator.dataset, "n_obs", None))
    return _curated(cls(path, **common), curator, schema)


def _write_table(df, path, parquet_kwargs, csv_kwargs):
    """Writes a table of any library as the path ends; the number of rows."""
    csv = path.endswith(".csv")
    if hasattr(df, "iloc"):
        if csv:
            df.to_csv(path, **csv_kwargs)
        else:
            df.to_parquet(path, **parquet_kwargs)
        return len(df)
    if hasattr(df, "sink_parquet"):  # a LazyFrame is written in batches
        if csv:
            df.sink_csv(path, **csv_kwargs)
        else:
            df.sink_parquet(path, **parquet_kwargs)
        return _n_rows(df)
    if hasattr(df, "write_parquet"):
        if csv:
            df.write_csv(path, **csv_kwargs)
        else:
            df.write_parquet(path, **parquet_kwargs)
        return len(df)
    import pyarrow.csv
    import pyarrow.parquet

    if csv:
        pyarrow.csv.write_csv(df, path, **csv_kwargs)
    else:
        pyarrow.parquet.write_table(df, path, **parquet_kwargs)
    return df.num_rows


def _n_rows(lazy):
    import polars as pl

    return pl.collect_all([lazy.select(pl.len())])[0].item()


def _valid(kind, data, schema, features):
    """A curator of this kind that found the data valid."""
    curator = kind(data, schema_of(schema), features=features)
    curator.validate()
    return curator


def _made(cls, path, curator, schema, **kwargs):
    """An artifact of a temporary file written for it; if this process dies first, `lamin gc` knows the owner."""
    try:
        artifact = cls(path, temporary_source=True, **kwargs)
    except BaseException:
        remove(path)
        raise
    artifact.__dict__["_temporary"] = path
    return _curated(artifact, curator, schema)


def remove(path):
    """Removes a file or folder that may not be there.

    Args:
        path (str): where it is.
    """
    import shutil

    if os.path.isdir(path):
        shutil.rmtree(path, ignore_errors=True)
    elif os.path.exists(path):
        os.unlink(path)


def _curated(artifact, curator, schema):
    """The artifact, to be saved with what the curator knows of it."""
    if curator is not None:
        artifact.__dict__["_curator"] = curator
        artifact.schema = schema
    return artifact
