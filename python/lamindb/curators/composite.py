"""Curators of datasets that consist of several datasets: MuData, SpatialData, TileDB-SOMA experiments."""

from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb.curators.conventions import check_conventions
from lamindb.curators.core import SlotsCurator
from lamindb.curators.slots import dict_table, of_annotated
from lamindb.curators.tables import DictTable, PandasTable
from lamindb.errors import InvalidArgument

__all__ = ["MuDataCurator", "SpatialDataCurator", "TiledbsomaExperimentCurator"]


class MuDataCurator(SlotsCurator):
    """A curator of a MuData object: slots "obs", "var", "uns:key", and those of a modality, "rna:obs", "rna:var.T", "rna:uns:key".

    Arguments and errors as in :meth:`Curator`.

    Args:
        dataset (MuData | Artifact): the data.
        schema (Schema): a saved schema with otype="MuData" and slots.
        features (dict, optional): {feature: value} to set on the artifact.

    Example::

        ln.curators.MuDataCurator(mdata, schema).validate()
    """

    _otype = "MuData"

    def _check_dataset(self, dataset):
        if not hasattr(dataset, "mod") or not hasattr(dataset, "obs"):
            raise InvalidArgument(f"dataset must be MuData-like: a MuDataCurator takes a MuData object, not a {type(dataset).__name__}")

    def _table_of(self, slot, schema):
        name, *path = slot.split(":")
        if name in ("obs", "var", "var.T", "uns"):
            table = of_annotated(self._dataset, [name, *path], slot, schema)
        elif name not in self._dataset.mod:
            raise InvalidArgument(f"Modality '{name}' not found in MuData: it has {', '.join(self._dataset.mod)}")
        else:
            table = of_annotated(self._dataset.mod[name], path, slot, schema, f"{name}.") if path else None
        if table is None:
            raise InvalidArgument(f"Attribute '{':'.join(path) or name}' not found on modality '{name}': pass obs, var, var.T or uns")
        return table

    def _make_artifact(self, **kwargs):
        return class_of("Artifact").from_mudata(self._dataset, **kwargs)


class SpatialDataCurator(SlotsCurator):
    """A curator of a SpatialData object: slots "attrs", "attrs:key", "tables:name:obs", "tables:name:var.T".

    Arguments and errors as in :meth:`Curator`. Conventions of its storage, `schema.formats.zarr`, are checked first.

    Args:
        dataset (SpatialData | Artifact): the data.
        schema (Schema): a saved schema with otype="SpatialData".
        features (dict, optional): {feature: value} to set on the artifact.

    Example::

        ln.curators.SpatialDataCurator(sdata, schema).validate()
    """

    _otype = "SpatialData"

    def _check_dataset(self, dataset):
        if not hasattr(dataset, "tables") or not hasattr(dataset, "attrs"):
            raise InvalidArgument(
                f"dataset must be SpatialData-like: a SpatialDataCurator takes a SpatialData object, not a {type(dataset).__name__}"
            )

    def _make_tables(self):
        return super()._make_tables() or {"": DictTable({})}  # a schema of storage conventions checks no table

    def _table_of(self, slot, schema):
        name, *path = slot.split(":")
        attrs = self._dataset.attrs
        if name == "attrs":
            return dict_table(attrs, path, slot, schema, "attrs")
        if name == "tables" and len(path) >= 2:
            table, *path = path
            if table not in self._dataset.tables:
                raise InvalidArgument(f"Table '{table}' not found in sdata.tables: it has {', '.join(self._dataset.tables)}")
            found = of_annotated(self._dataset.tables[table], path, slot, schema, f"tables.{table}.")
            if found is None:
                raise InvalidArgument(f"Attribute '{':'.join(path)}' not found on table '{table}': pass obs, var, var.T or uns")
            return found
        if path:
            raise InvalidArgument(f"Unrecognized slot format: {slot}: pass attrs, attrs:key, tables:name:obs or tables:name:var.T")
        logger.warning(f"please prefix slot {slot} with 'attrs:' going forward")
        if slot not in attrs:
            raise InvalidArgument(f"Slot '{slot}' not found in sdata.attrs: it has {', '.join(map(str, attrs))}")
        return dict_table(attrs, [slot], slot, schema, "attrs")

    def validate(self):
        """Checks the conventions of the schema, then the dataset.

        Raises:
            ValidationError: it lists everything that is wrong and what to do about it.

        Example::

            ln.curators.SpatialDataCurator(sdata, schema).validate()
        """
        self._is_validated = False
        if self._schema.formats.zarr is not None:
            check_conventions(self._dataset, getattr(self._artifact, "path", None), self._schema)
        super().validate()

    def _make_artifact(self, **kwargs):
        return class_of("Artifact").from_spatialdata(self._dataset, **kwargs)


class TiledbsomaExperimentCurator(SlotsCurator):
    """A curator of an opened TileDB-SOMA experiment: slots "obs", "ms:measurement" and, for names of variables, "ms:measurement.T".

    Arguments and errors as in :meth:`Curator`.

    Args:
        dataset (tiledbsoma.Experiment | Artifact): the data.
        schema (Schema): a saved schema with otype="tiledbsoma" and slots.
        features (dict, optional): {feature: value} to set on the artifact.

    Example::

        with artifact.open() as experiment:
            ln.curators.TiledbsomaExperimentCurator(experiment, schema).validate()
    """

    _otype = "tiledbsoma"

    def _loaded(self, artifact):
        return artifact.open()

    def _check_dataset(self, dataset):
        if not hasattr(dataset, "ms") or not hasattr(dataset, "obs"):
            raise InvalidArgument(
                f"dataset must be SOMAExperiment-like. A TiledbsomaExperimentCurator takes an opened experiment, not a {type(dataset).__name__}"
            )

    def _table_of(self, slot, schema):
        name, _, measurement = slot.partition(":")
        if slot == "obs":
            table, ids = self._dataset.obs, ["soma_joinid", "obs_id"]
        elif name == "ms":
            measurement = measurement.removesuffix(".T")
            if measurement not in self._dataset.ms:
                raise InvalidArgument(f"Measurement '{measurement}' not found in the experiment: it has {', '.join(self._dataset.ms)}")
            table, ids = self._dataset.ms[measurement].var, ["soma_joinid"]
        else:
            raise InvalidArgument(f"Unrecognized slot format: {slot}: pass obs, ms:measurement or ms:measurement.T")
        df = table.read().concat().to_pandas().drop(columns=ids, errors="ignore")
        if slot.endswith(".T"):
            df = df.set_index("var_id" if "var_id" in df.columns else df.columns[0])
        return _Unchanging(df, has_index=slot.endswith(".T"))

    def _make_artifact(self, **kwargs):
        return class_of("Artifact").from_tiledbsoma(self._dataset, **kwargs)


class _Unchanging(PandasTable):
    """A table read from an experiment, which stays as it is on disk."""

    def replace(self, columns, names):
        raise InvalidArgument("an experiment on disk is not changed by a curator: correct the values where it was made, and write it again")

    rename = rename_rows = replace
