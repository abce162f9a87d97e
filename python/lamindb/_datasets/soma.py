"""TileDB-SOMA stores: opened for reading, changed as a new version, written from AnnData. Needs the package tiledbsoma."""

import os
import shutil

from .. import _core
from .._process import session as _session
from .._process.classes import class_of
from .._records.record import SQLRecord
from .edit import Edit

_RUN = "lamin_run_uid"


def _soma():
    try:
        import tiledbsoma
    except ImportError as error:
        raise ImportError("TileDB-SOMA stores need the package tiledbsoma: pip install tiledbsoma") from error
    return tiledbsoma


def _opened(path, mode, **kwargs):
    """What the store at a local path is: an experiment, a measurement or any other collection."""
    soma = _soma()
    if not os.path.isdir(path):
        raise FileNotFoundError(f"there is no TileDB-SOMA store at '{path}'")
    inside = set(os.listdir(path))
    kind = soma.Experiment if {"obs", "ms"} <= inside else soma.Measurement if "var" in inside else soma.Collection
    return kind.open(os.fspath(path), mode=mode, **kwargs)


def open_soma(artifact, mode="r", **kwargs):
    """The store of an artifact; with mode "w" a copy of it, which becomes a new version when it is closed."""
    if mode == "r":
        return _opened(artifact._local(), "r", **kwargs)
    edit = Edit(artifact)
    try:
        return _finishing(_opened(edit.path, "w", **kwargs), edit)
    except BaseException:
        edit.forget()
        raise


def _finishing(store, edit):
    """The store, as an object of a class of its own that saves the copy once it is closed."""
    kind, done = type(store), []

    def finish():
        if not done:
            done.append(True)
            edit.finish(True, _count(edit.path))

    class Track(kind):
        __doc__, __slots__ = kind.__doc__, ()

        def close(self, *args, **kwargs):
            super().close(*args, **kwargs)
            finish()

        def __exit__(self, error, *rest):
            failed = error is not None
            if failed:
                done.append(True)  # what failed half-way is no version
            super().__exit__(error, *rest)
            if failed:
                edit.forget()
            else:
                finish()

    Track.__name__ = Track.__qualname__ = f"{kind.__name__}Track"
    store.__class__ = Track
    return store


def _count(path):
    """How many observations an experiment has; None for anything else."""
    with _opened(path, "r") as store:
        return store.obs.count if isinstance(store, _soma().Experiment) else None


def _loaded(adata):
    if isinstance(adata, (str, os.PathLike)):
        import anndata

        path = os.fspath(adata)
        if os.path.isdir(path):
            return anndata.read_zarr(path)
        _core.check_foreign_file(path)
        return anndata.read_h5ad(path)
    return adata


def _marked(adata, run, dtype):
    """The data with a column that says which run wrote it; data in memory get the column, too."""
    import pandas

    if adata.is_view:
        raise ValueError("A view of an AnnData object cannot get the column of its run: pass adata.copy().")
    adata.obs[_RUN] = pandas.Series(run.uid, index=adata.obs.index, dtype=dtype)
    return adata


def _mark_type(path):
    """The type of the column of runs in a store: "category" or None; False if it has none."""
    import pyarrow

    with _soma().Experiment.open(path) as store:
        schema = store["obs"].schema
    if _RUN not in schema.names:
        return False
    return "category" if isinstance(schema.field(_RUN).type, pyarrow.DictionaryType) else None


def _tracked_run():
    run = _session.current().stamp["run"]
    return None if not run else class_of("Run").get(run)


def save_tiledbsoma_experiment(adatas, key=None, description=None, run=None, revises=None, measurement_name="RNA",
                               obs_id_name="obs_id", var_id_name="var_id", append_obsm_varm=False, **kwargs):  # fmt: skip
    """Writes AnnData objects as one TileDB-SOMA experiment and saves it as an artifact.

    A column `lamin_run_uid` of `obs` says which run wrote an observation. With `revises` the objects are appended to a copy of
    that store, which becomes its new version.

    Args:
        adatas (list[AnnData | str | PathLike]): the objects, or paths of h5ad files and zarr folders.
        key (str, optional): path-like name under which it gets versions.
        description (str, optional): what it is.
        run (Run, optional): what makes it; otherwise the tracked run.
        revises (Artifact, optional): the store to append to.
        measurement_name (str): the measurement that gets the matrices.
        obs_id_name (str): the column of obs that names observations when several objects are put together.
        var_id_name (str): the same of var.
        append_obsm_varm (bool): append obsm and varm, too.
        **kwargs: of `tiledbsoma.io.from_anndata`.

    Returns:
        Artifact: the saved artifact.

    Raises:
        ValueError: there is no run, or an object is a view.
        ImportError: tiledbsoma is not installed.

    Example::

        ln.integrations.save_tiledbsoma_experiment([adata], key="blood/cells.tiledbsoma")
    """
    _soma()
    run = run if isinstance(run, SQLRecord) else _tracked_run()
    path = _core.new_draft(".tiledbsoma")
    try:
        mark = "category"
        if revises is not None:
            shutil.copytree(os.fspath(revises._local()), path)
            mark = _mark_type(path)
        if mark is not False and run is None:
            raise ValueError("Pass `run`, or call ln.track() first: the store says which run wrote its observations.")
        objects = [_loaded(adata) for adata in adatas]
        if mark is not False:
            objects = [_marked(adata, run, mark) for adata in objects]
        ids = dict(obs_id_name=obs_id_name, var_id_name=var_id_name)
        n_obs = _write(path, objects, revises is not None, measurement_name, ids, append_obsm_varm, kwargs)
        artifact = class_of("Artifact")(path, temporary_source=True, key=key, description=description, run=run, revises=revises,
                                        otype="tiledbsoma", kind="dataset", n_observations=n_obs)  # fmt: skip
        return artifact.save()
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise


def _write(path, objects, appending, measurement, ids, append_obsm_varm, kwargs):
    """Writes the objects to the store; the number of observations that it has then."""
    soma = _soma()
    import tiledbsoma.io

    mapping = kwargs.pop("registration_mapping", None)
    if mapping is None and (appending or len(objects) > 1):
        mapping = tiledbsoma.io.register_anndatas(
            experiment_uri=path if appending else None, adatas=objects, measurement_name=measurement,
            obs_field_name=ids["obs_id_name"], var_field_name=ids["var_id_name"], append_obsm_varm=append_obsm_varm,
        )  # fmt: skip
    prepared = False
    for adata in objects:
        if mapping is not None and not prepared and soma.Experiment.exists(path):
            mapping.prepare_experiment(path)
            prepared = True
        part = mapping.subset_for_anndata(adata) if hasattr(mapping, "subset_for_anndata") else mapping
        tiledbsoma.io.from_anndata(path, adata, measurement, registration_mapping=part, **ids, **kwargs)
    return mapping.get_obs_shape() if mapping is not None else objects[0].n_obs
