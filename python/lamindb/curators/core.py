"""Curators of tables, dictionaries and AnnData objects."""

from lamindb._process import session as _session
from lamindb._process.classes import class_of
from lamindb._surface.lazy import public
from lamindb.curators.base import ComponentCurator, Curator, SlotsCurator
from lamindb.curators.cat import CatLookup, CatManager
from lamindb.curators.layout import layout_of
from lamindb.curators.polars_table import PolarsTable
from lamindb.curators.slots import dict_table, of_annotated
from lamindb.curators.tables import ArrowTable, DictTable, PandasTable
from lamindb.errors import InvalidArgument

__all__ = [
    "AnnDataCurator", "CatLookup", "CatManager", "ComponentCurator", "Curator", "DataFrameCurator", "DictCurator", "SlotsCurator",
]  # fmt: skip


def _schema_in(using, schema):
    """The schema as the instance `using` has it."""
    if _session.is_here(using) or not hasattr(schema, "uid"):
        return schema
    there = class_of("Schema").connect(using).filter(uid=schema.uid).first()
    if there is None:
        raise InvalidArgument(f"the instance {using} has no schema with uid {schema.uid}: pass one of ln.DB({using!r}).Schema")
    return there


class DataFrameCurator(SlotsCurator):
    """A curator of a table: of pandas, of polars (a LazyFrame is never collected), or of pyarrow.

    Arguments and errors as in :meth:`Curator`. Besides its columns, a schema may check `df.attrs` by slots "attrs" or
    "attrs:key".

    Args:
        slot (str, optional): what messages call the slot of a larger dataset that this is.
        require_saved_schema (bool): False takes a schema that is not saved, too; such a dataset can be validated, not saved.
        using (str, optional): slug of the instance whose registries count; it must have the schema. A dataset that is saved brings schema and labels here.
        members (list[Feature], optional): the members of the schema, if they are known, as they are now.
        index (object, optional): accepted for code of LaminDB.

    Example:

        >>> curator = ln.curators.DataFrameCurator(df, typed)
        >>> curator.validate()
    """

    _otype = "DataFrame"
    _needs_otype = False

    def __init__(self, dataset, schema, *, slot=None, features=None, require_saved_schema=True, using=None,
                 members=None, index=None):  # fmt: skip
        schema = _schema_in(using, schema)
        self._slot = slot or ""
        self._takes_unsaved = not require_saved_schema
        self._members = None if members is None else list(members)
        super().__init__(dataset, schema, features=features)

    def _check_dataset(self, dataset):
        if not hasattr(type(dataset), "columns") or hasattr(dataset, "obs"):
            raise InvalidArgument(f"a DataFrameCurator takes a DataFrame, not an object of type {type(dataset).__name__}")

    def _make_tables(self):
        return {"": self._plain_table(), **super()._make_tables()}

    def _plain_table(self):
        if hasattr(self._dataset, "iloc"):
            return PandasTable(self._dataset, has_index=self._schema.index is not None)
        if hasattr(self._dataset, "collect_schema"):
            kind, table = "Polars frames", PolarsTable
        else:
            kind, table = "Tables of pyarrow", ArrowTable
        if self._schema.index is not None:
            raise InvalidArgument(f"{kind} do not have an index. Use a column feature instead of Schema.index.")
        if any(slot.startswith("attrs") for slot in self._schema.slots):
            raise InvalidArgument(f"{kind} do not have an attrs slot. Use external features instead.")
        return table(self._dataset)

    def _table_of(self, slot, schema):
        name, *keys = slot.split(":")
        if name != "attrs":
            raise ValueError(f"Slot '{slot}' is not supported for DataFrameCurator. Must be 'attrs'.")
        return dict_table(self._dataset.attrs, keys, slot, schema, "attrs")

    @property
    def dataset(self):
        """The table as it is now; a LazyFrame stays one."""
        return self._tables[""].data

    @property
    def cat(self):
        """The categorical columns, a CatManager."""
        return CatManager(self, "")

    def standardize(self):
        """Adds missing optional columns, fills in default values, replaces synonyms.

        Raises:
            RuntimeError: an artifact was passed rather than a table.
            ValidationError: a missing column is neither nullable nor has a default value.

        Example:

            >>> curator = ln.curators.DataFrameCurator(df.assign(cell_type=["T-cell", "B cell"]), typed)
            >>> curator.standardize()
            >>> curator.dataset["cell_type"].to_list()
            ['T cell', 'B cell']
        """
        for slot in self._tables:
            self._fill_in(slot)
        self.cat.standardize("all")

    def _make_artifact(self, **kwargs):
        return class_of("Artifact").from_dataframe(self.dataset, **kwargs)


class DictCurator(DataFrameCurator):
    """A curator of a dictionary, {feature: value}.

    Arguments and errors as in :meth:`Curator`.

    Args:
        dataset (dict | Artifact): the values, or an artifact of a JSON or YAML file.
        schema (Schema): a schema of features, which need not be saved.
        slot (str, optional): what messages call the slot of a larger dataset that this is.
        require_saved_schema (bool): refuse a schema that is not saved.
        using (str, optional): slug of the instance whose registries count; it must have the schema. A dataset that is saved brings schema and labels here.
        members (list[Feature], optional): the members of the schema, if they are known, as they are now.
        index (object, optional): accepted for code of LaminDB.

    Example:

        >>> schema = ln.Schema([ln.Feature.get(name="n_genes")], name="counted cells")
        >>> ln.curators.core.DictCurator({"n_genes": 700}, schema).validate()
    """

    _otype = None
    _is_dictionary = True

    def __init__(self, dataset, schema, slot=None, require_saved_schema=False, using=None, *, features=None, members=None, index=None):
        super().__init__(dataset, schema, slot=slot, features=features, require_saved_schema=require_saved_schema, using=using,
                         members=members)  # fmt: skip

    def _check_dataset(self, dataset):
        if not hasattr(dataset, "keys"):
            raise InvalidArgument(f"The dataset must be a dict or dict-like artifact, not a {type(dataset).__name__}.")

    def _plain_table(self):
        return DictTable(self._dataset, self._schema.index)

    def _make_artifact(self, **kwargs):
        raise InvalidArgument("a dictionary is saved as a JSON file: write it, and pass the path to Artifact(..., features=...)")


Curator._of_values = DictCurator  # which the base, being below, cannot import


class AnnDataCurator(SlotsCurator):
    """A curator of an AnnData object: slots "obs", "var", "var.T" (names of variables), "uns" and "uns:key".

    Arguments and errors as in :meth:`Curator`.

    Args:
        dataset (AnnData | Artifact): the data.
        schema (Schema): a saved schema with otype="AnnData" and slots.
        features (dict, optional): {feature: value} to set on the artifact.

    Example::

        ln.curators.AnnDataCurator(adata, schema).validate()
    """

    _otype = "AnnData"

    def _check_dataset(self, dataset):
        if not hasattr(dataset, "obs") or not hasattr(dataset, "var") or hasattr(dataset, "mod"):
            raise InvalidArgument(f"dataset must be AnnData-like: an AnnDataCurator takes an AnnData object, not a {type(dataset).__name__}")

    def _table_of(self, slot, schema):
        table = of_annotated(self._dataset, slot.split(":"), slot, schema)
        if table is None:
            raise ValueError(f"AnnDataCurator currently only supports the slots 'var', 'var.T', 'obs', and 'uns', not {slot}")
        return table

    def _layout(self):
        rules = self._schema.formats.anndata
        return None if rules is None else layout_of(self._dataset, rules)

    def _make_artifact(self, **kwargs):
        return class_of("Artifact").from_anndata(self._dataset, **kwargs)


__getattr__, __dir__ = public(__name__)
