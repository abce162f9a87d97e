"""`ln.Annotate` of 2024: a dataset and the registries of its columns, as a curator with the schema that they make."""

from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb.curators.core import AnnDataCurator, DataFrameCurator
from lamindb.errors import InvalidArgument, ValidationError


class Annotate:
    """Checks datasets by registries: `Annotate.from_df(df, categoricals={"cell_type": bt.CellType.name})`."""

    @classmethod
    def from_df(cls, df, columns=None, categoricals=None, using=None, verbosity="hint", organism=None):
        """For a DataFrame: `categoricals` says of each column from which registry its values are."""
        return DataFrameAnnotator(df, categoricals, using, organism)

    @classmethod
    def from_anndata(cls, adata, var_index, categoricals=None, obs_columns=None, using=None, verbosity="hint", organism=None):
        """For an AnnData object: `var_index` says from which registry the names of its variables are."""
        return AnnDataAnnotator(adata, var_index, categoricals, using, organism)

    @classmethod
    def from_mudata(cls, *args, **kwargs):
        """For a MuData object: not implemented."""
        raise NotImplementedError("Annotate.from_mudata is not implemented in lamindb-native yet")


class DataFrameAnnotator:
    """A DataFrame and the registries of its columns."""

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
            class_of("Feature")(name=column, dtype=field, **(filters if "organism" in field.model._names else {})).save()
            for column, field in self.fields.items()
        ]
        self._curator = self._curator_of(data)

    def _curator_of(self, df):
        return DataFrameCurator(df, class_of("Schema")(self._features, flexible=True).save())

    @property
    def cat(self):
        """The columns by the curator's own name."""
        return self._curator.cat

    def validate(self, organism=None):
        """Whether every value is registered; logs what is not."""
        try:
            self._curator.validate()
        except ValidationError as error:
            logger.warning(str(error))
            return False
        logger.success("all columns are validated")
        return True

    def add_new_from(self, key, organism=None, **kwargs):
        """Registers the unknown values of a column."""
        self.cat.add_new_from(key)

    def add_validated_from(self, key, organism=None):
        """Nothing is left to do if all values are registered; those of a public ontology come with its import."""
        self.cat.validate()
        unknown = self.cat.non_validated.get(key)
        if unknown:
            raise NotImplementedError(
                f"values of {key!r} that only a public ontology knows are not registered by themselves in lamindb-native yet: "
                f"{self.fields[key].model.__name__}.import_source(path=...) imports it; not registered: {unknown[:5]}"
            )

    def update_registry(self, key, validated_only=True, **kwargs):
        """`add_validated_from`, or for all values `add_new_from`."""
        (self.add_validated_from if validated_only else self.add_new_from)(key)

    def lookup(self, using=None):
        """`annotate.lookup().cell_type`: the registry of a column, for auto-completion."""
        if using is not None:
            raise NotImplementedError("Annotate.lookup(using=...) is not implemented in lamindb-native yet")
        return AnnotateLookup(self.fields)

    def save_artifact(self, description=None, **kwargs):
        """Validates the dataset and saves it with its labels."""
        return self._curator.save_artifact(description=description, **kwargs)


class AnnDataAnnotator(DataFrameAnnotator):
    """An AnnData object, the registry of its variables and those of its columns in obs."""

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
        return self._curator.slots["obs"].cat


class AnnotateLookup:
    """The registries of the columns: as attributes, or by name in brackets."""

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
