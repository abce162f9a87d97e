"""`ln.Annotate` of 2024: a dataset and the registries of its columns, as a curator with the schema that they make."""

from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb.curators.composite import MuDataCurator
from lamindb.curators.core import AnnDataCurator, DataFrameCurator
from lamindb.errors import InvalidArgument, ValidationError


class Annotate:
    """Checks datasets by registries, as in 2024; :class:`DataFrameCurator` and :class:`AnnDataCurator` do so today.

    Example::

        annotate = ln.Annotate.from_df(df, categoricals={"cell_type": bt.CellType.name})
        annotate.validate()
    """

    @classmethod
    def from_df(cls, df, columns=None, categoricals=None, using=None, verbosity="hint", organism=None):
        """For a DataFrame.

        Args:
            df (pandas.DataFrame): the dataset.
            columns (FieldAttr, optional): accepted for code of LaminDB: columns are names of features.
            categoricals (dict, optional): {column: field of a registry} of the columns with registered values.
            using (str, optional): not implemented yet: raises NotImplementedError.
            verbosity (str): accepted for code of LaminDB.
            organism (str, optional): of registries that keep the organism.

        Returns:
            DataFrameAnnotator: the dataset with its registries.

        Raises:
            InvalidArgument: a value of `categoricals` is no field.

        Example::

            annotate = ln.Annotate.from_df(df, categoricals={"cell_type": bt.CellType.name})
        """
        return DataFrameAnnotator(df, categoricals, using, organism)

    @classmethod
    def from_anndata(cls, adata, var_index, categoricals=None, obs_columns=None, using=None, verbosity="hint", organism=None):
        """For an AnnData object.

        Args:
            adata (AnnData): the dataset.
            var_index (FieldAttr): what the names of its variables are, such as `bt.Gene.ensembl_gene_id`.
            categoricals (dict, optional): {column of obs: field of a registry}.
            obs_columns (FieldAttr, optional): accepted for code of LaminDB: columns are names of features.
            using (str, optional): not implemented yet: raises NotImplementedError.
            verbosity (str): accepted for code of LaminDB.
            organism (str, optional): of registries that keep the organism.

        Returns:
            AnnDataAnnotator: the dataset with its registries.

        Raises:
            InvalidArgument: a value of `categoricals` is no field.

        Example::

            annotate = ln.Annotate.from_anndata(adata, var_index=bt.Gene.ensembl_gene_id, organism="human")
        """
        return AnnDataAnnotator(adata, var_index, categoricals, using, organism)

    @classmethod
    def from_mudata(cls, mdata, var_index, categoricals=None, using=None, verbosity="hint", organism=None):
        """For a MuData object.

        Args:
            mdata (MuData): the dataset.
            var_index (dict): {modality: what the names of its variables are}, such as `{"rna": bt.Gene.symbol}`.
            categoricals (dict, optional): {column of obs: field of a registry}; "rna:cell_type" is a column of a modality.
            using (str, optional): not implemented yet: raises NotImplementedError.
            verbosity (str): accepted for code of LaminDB.
            organism (str, optional): of registries that keep the organism.

        Returns:
            MuDataAnnotator: the dataset with its registries.

        Raises:
            InvalidArgument: a value of `categoricals` is no field.

        Example::

            ln.Annotate.from_mudata(mdata, var_index={"rna": bt.Gene.symbol}, organism="human")
        """
        return MuDataAnnotator(mdata, var_index, categoricals, using, organism)


class DataFrameAnnotator:
    """A DataFrame and the registries of its columns; `Annotate.from_df` makes it.

    Args:
        data (pandas.DataFrame): the dataset.
        categoricals (dict): {column: field of a registry}.
        using (str, optional): not implemented yet: raises NotImplementedError.
        organism (str, optional): of registries that keep the organism.

    Example::

        ln.Annotate.from_df(df, categoricals={"cell_type": bt.CellType.name}).validate()
    """

    _slot = ""

    def __init__(self, data, categoricals, using=None, organism=None):
        if using is not None:
            raise NotImplementedError("Annotate(using=...) is not implemented in lamindb-native yet")
        self.fields = dict(categoricals or {})
        for column, field in self.fields.items():
            if not hasattr(field, "model"):
                raise InvalidArgument(f"categoricals are fields of registries, such as bt.CellType.name; of {column!r} it is {field!r}")
        filters = {} if organism is None else {"cat_filters": {"organism__name": organism}}
        self._features = [
            class_of("Feature")(name=column.rpartition(":")[2], dtype=field, **(filters if "organism" in field.model._names else {})).save()
            for column, field in self.fields.items()
        ]
        self._curator = self._curator_of(data)

    def _curator_of(self, df):
        return DataFrameCurator(df, class_of("Schema")(self._features, flexible=True).save())

    @property
    def cat(self):
        """The columns by the curator's own name, a CatManager."""
        return self._curator.cat

    def _cat_of(self, key):
        """The CatManager of a column."""
        return self.cat

    def validate(self, organism=None):
        """Whether every value is registered; logs what is not.

        Args:
            organism (str, optional): accepted for code of LaminDB: `Annotate` takes it.

        Returns:
            bool: True if all are.

        Example::

            annotate.validate()
        """
        try:
            self._curator.validate()
        except ValidationError as error:
            logger.warning(str(error))
            return False
        logger.success("all columns are validated")
        return True

    def add_new_from(self, key, organism=None, **kwargs):
        """Registers the unknown values of a column.

        Args:
            key (str): the column.
            organism (str, optional): accepted for code of LaminDB: `Annotate` takes it.
            **kwargs: accepted for code of LaminDB.

        Example::

            annotate.add_new_from("cell_type")
        """
        self._cat_of(key).add_new_from(key.rpartition(":")[2])

    def add_validated_from(self, key, organism=None):
        """Nothing is left to do if all values are registered; those of a public ontology come with its import.

        Args:
            key (str): the column.
            organism (str, optional): accepted for code of LaminDB: `Annotate` takes it.

        Raises:
            NotImplementedError: some are not registered; it names them and says how to import the ontology.

        Example::

            annotate.add_validated_from("cell_type")
        """
        cat = self._cat_of(key)
        cat.validate()
        unknown = cat.non_validated.get(key.rpartition(":")[2])
        if unknown:
            raise NotImplementedError(
                f"values of {key!r} that only a public ontology knows are not registered by themselves in lamindb-native yet: "
                f"{self.fields[key].model.__name__}.import_source(path=...) imports it; not registered: {unknown[:5]}"
            )

    def update_registry(self, key, validated_only=True, **kwargs):
        """`add_validated_from`, or for all values `add_new_from`.

        Args:
            key (str): the column.
            validated_only (bool): False registers unknown values too.
            **kwargs: accepted for code of LaminDB.

        Example::

            annotate.update_registry("cell_type", validated_only=False)
        """
        (self.add_validated_from if validated_only else self.add_new_from)(key)

    def lookup(self, using=None):
        """The registries of the columns, for auto-completion.

        Args:
            using (str, optional): not implemented yet: raises NotImplementedError.

        Returns:
            AnnotateLookup: with an attribute for each column.

        Example::

            annotate.lookup().cell_type.t_cell
        """
        if using is not None:
            raise NotImplementedError("Annotate.lookup(using=...) is not implemented in lamindb-native yet")
        return AnnotateLookup(self.fields)

    def save_artifact(self, description=None, **kwargs):
        """Validates the dataset and saves it with its labels.

        Args:
            description (str, optional): what it is.
            **kwargs: as of `Curator.save_artifact`, such as `key`.

        Returns:
            Artifact: the saved dataset.

        Raises:
            ValidationError: a value is not registered.

        Example::

            annotate.save_artifact(description="cells of donor 1")
        """
        return self._curator.save_artifact(description=description, **kwargs)


class AnnDataAnnotator(DataFrameAnnotator):
    """An AnnData object, the registry of its variables and those of its columns in obs; `Annotate.from_anndata` makes it.

    Args:
        data (AnnData): the dataset.
        var_index (FieldAttr): what the names of its variables are.
        categoricals (dict): {column of obs: field of a registry}.
        using (str, optional): not implemented yet: raises NotImplementedError.
        organism (str, optional): of registries that keep the organism.

    Example::

        ln.Annotate.from_anndata(adata, var_index=bt.Gene.ensembl_gene_id, organism="human").validate()
    """

    _slot = "obs"

    def __init__(self, data, var_index, categoricals, using=None, organism=None):
        self._var_index = var_index
        super().__init__(data, categoricals, using, organism)

    def _curator_of(self, adata):
        schema = class_of("Schema")
        slots = {"var.T": schema(itype=self._var_index).save()}
        if self._features:
            slots["obs"] = schema(self._features, flexible=True).save()
        return AnnDataCurator(adata, schema(otype="AnnData", slots=slots).save())

    @property
    def cat(self):
        """The columns of obs by the curator's own name, a CatManager."""
        return self._curator.slots["obs"].cat


class MuDataAnnotator(DataFrameAnnotator):
    """A MuData object and the registries of its variables and columns; `Annotate.from_mudata` makes it.

    Args:
        data (MuData): the dataset.
        var_index (dict): {modality: what the names of its variables are}.
        categoricals (dict): {column of obs: field of a registry}; "rna:cell_type" is a column of a modality.
        using (str, optional): not implemented yet: raises NotImplementedError.
        organism (str, optional): of registries that keep the organism.

    Example::

        ln.Annotate.from_mudata(mdata, var_index={"rna": bt.Gene.symbol}, organism="human").validate()
    """

    def __init__(self, data, var_index, categoricals, using=None, organism=None):
        self._var_index = dict(var_index)
        super().__init__(data, categoricals, using, organism)

    def _curator_of(self, mdata):
        schema = class_of("Schema")
        by_slot = {}
        for column, feature in zip(self.fields, self._features):
            by_slot.setdefault(_slot_of(column), []).append(feature)
        slots = {f"{modality}:var.T": schema(itype=field).save() for modality, field in self._var_index.items()}
        slots |= {slot: schema(features, flexible=True).save() for slot, features in by_slot.items()}
        return MuDataCurator(mdata, schema(otype="MuData", slots=slots).save())

    @property
    def cat(self):
        """The columns of obs of the whole dataset by the curator's own name, a CatManager."""
        return self._curator.slots["obs"].cat

    def _cat_of(self, key):
        return self._curator.slots[_slot_of(key)].cat


def _slot_of(column):
    """The slot of a column: "rna:cell_type" is in "rna:obs"."""
    modality, _, _ = column.rpartition(":")
    return f"{modality}:obs" if modality else "obs"


class AnnotateLookup:
    """The registries of the columns: as attributes, or by name in brackets.

    Args:
        fields (dict): {column: field of a registry}.

    Example::

        annotate.lookup()["cell_type"].t_cell
    """

    def __init__(self, fields):
        self._fields = fields

    def __getitem__(self, column):
        field = self._fields[column]
        return field.model.lookup(field=field)

    def __getattr__(self, column):
        if column not in self._fields:
            raise AttributeError(f"there is no column {column!r}: there are {', '.join(self._fields)}")
        return self[column]

    def __dir__(self):
        return list(self._fields)
