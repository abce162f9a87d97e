"""`ln.Annotate` of 2024: a dataset and the registries of its columns, as a curator with the schema that they make."""

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb._queries.validation import options_of, quoted
from lamindb.curators.annotate_lookup import AnnotateLookup
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
            using (str, optional): slug of another instance: values that are only registered there are valid, and come here with the dataset.
            verbosity (str): accepted for code of LaminDB.
            organism (str, optional): of registries that keep the organism.

        Returns:
            DataFrameAnnotator: the dataset with its registries.

        Raises:
            InvalidArgument: a value of `categoricals` is not a field.

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
            using (str, optional): slug of another instance: values that are only registered there are valid, and come here with the dataset.
            verbosity (str): accepted for code of LaminDB.
            organism (str, optional): of registries that keep the organism.

        Returns:
            AnnDataAnnotator: the dataset with its registries.

        Raises:
            InvalidArgument: a value of `categoricals` is not a field.

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
            using (str, optional): slug of another instance: values that are only registered there are valid, and come here with the dataset.
            verbosity (str): accepted for code of LaminDB.
            organism (str, optional): of registries that keep the organism.

        Returns:
            MuDataAnnotator: the dataset with its registries.

        Raises:
            InvalidArgument: a value of `categoricals` is not a field.

        Example::

            ln.Annotate.from_mudata(mdata, var_index={"rna": bt.Gene.symbol}, organism="human")
        """
        return MuDataAnnotator(mdata, var_index, categoricals, using, organism)


class DataFrameAnnotator:
    """A DataFrame and the registries of its columns; `Annotate.from_df` makes it.

    Args:
        data (pandas.DataFrame): the dataset.
        categoricals (dict): {column: field of a registry}.
        using (str, optional): slug of another instance: values that are only registered there are valid, and come here with the dataset.
        organism (str, optional): of registries that keep the organism.

    Example::

        ln.Annotate.from_df(df, categoricals={"cell_type": bt.CellType.name}).validate()
    """

    _slot = ""

    def __init__(self, data, categoricals, using=None, organism=None):
        self._using, self._there = using, _session.of_instance(using)
        self._organism = organism
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

    def _key_of(self, problem):
        """The column that a problem is about, as it was named here."""
        return problem["column"]

    def _field_of(self, problem):
        """The field of a registry that its values are looked up in."""
        return self.fields[self._key_of(problem)]

    def _options(self, field):
        return options_of(field.model, field, self._organism)

    def _unregistered(self):
        """What is wrong only since values are not registered, as of the last check."""
        return [problem for problem in self._curator._problems or [] if problem["rule"] == "not_registered"]

    def _names(self):
        """{key: (field, names)} of what is named by terms that need not be registered: variables."""
        return {}

    def _elsewhere(self, field, values):
        """Those of the values that the instance `using` has."""
        if self._there is None:
            return []
        return _core.inspect(self._there, field.model.__registry__, values, self._options(field))["validated"]

    def _elsewhere_of(self, problem):
        return self._elsewhere(self._field_of(problem), problem["non_validated"])

    def _take(self, key="all"):
        """Registers the values of a column that the instance `using` has."""
        self._curator._check()
        unknown = [(self._key_of(problem), self._field_of(problem), problem["non_validated"]) for problem in self._unregistered()]
        for name, (field, names) in self._names().items():
            if self._there is not None and key in ("all", name):
                found = _core.inspect(_session.current(), field.model.__registry__, names, self._options(field))
                unknown.append((name, field, found["non_validated"]))
        for name, field, values in unknown:
            if key in ("all", name) and (found := self._elsewhere(field, values)):
                _core.take_labels(self._there, _session.current(), field.model.__registry__, found, self._options(field))
                logger.success(f"added {_counted(found)} of {name!r} from {self._using}: {quoted(found, 10)}")
        self._curator._check()

    def validate(self, organism=None):
        """Whether every value is registered, here or in the instance `using`; logs what is not.

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
            found = [(problem, self._elsewhere_of(problem)) for problem in self._unregistered()]
            if len(found) < len(self._curator._problems) or any(set(p["non_validated"]) - set(there) for p, there in found):
                logger.warning(str(error))
                return False
            for problem, there in found:
                key = self._key_of(problem)
                logger.warning(f"{_counted(there)} of {key!r} are registered in {self._using}: {quoted(there, 10)}\n"
                               f"    → they come with the dataset, or now by .add_validated_from({key!r})")  # fmt: skip
        logger.success("all columns are validated")
        return True

    def add_new_from(self, key, organism=None, **kwargs):
        """Registers the unknown values of a column; those that the instance `using` has are taken from there.

        Args:
            key (str): the column.
            organism (str, optional): accepted for code of LaminDB: `Annotate` takes it.
            **kwargs: accepted for code of LaminDB.

        Example::

            annotate.add_new_from("cell_type")
        """
        if self._there is not None:
            self._take(key)
        self._cat_of(key).add_new_from(key.rpartition(":")[2])

    def add_validated_from(self, key, organism=None):
        """Registers values of a column that the instance `using` or a public ontology has; others are named in a warning.

        Args:
            key (str): the column; "all" for every column.
            organism (str, optional): accepted for code of LaminDB: `Annotate` takes it.

        Example::

            annotate.add_validated_from("cell_type")
        """
        self._take(key)
        for problem in self._unregistered():
            if key in ("all", self._key_of(problem)):
                logger.warning(f"{_counted(problem['non_validated'])} of {self._key_of(problem)!r} are not registered: "
                               f"{quoted(problem['non_validated'], 10)}\n    → .add_new_from({self._key_of(problem)!r})")  # fmt: skip

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
            using (str, optional): slug of the instance to look in, otherwise that of `Annotate`; "public" for public ontologies.

        Returns:
            AnnotateLookup: with an attribute for each column.

        Example::

            annotate.lookup().cell_type.t_cell
        """
        return AnnotateLookup(self.fields, using or self._using)

    def save_artifact(self, description=None, **kwargs):
        """Validates the dataset and saves it with its labels; those that only the instance `using` has are made here.

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
        if self._there is not None:
            self._take()
        return self._curator.save_artifact(description=description, **kwargs)


class AnnDataAnnotator(DataFrameAnnotator):
    """An AnnData object, the registry of its variables and those of its columns in obs; `Annotate.from_anndata` makes it.

    Args:
        data (AnnData): the dataset.
        var_index (FieldAttr): what the names of its variables are.
        categoricals (dict): {column of obs: field of a registry}.
        using (str, optional): slug of another instance: values that are only registered there are valid, and come here with the dataset.
        organism (str, optional): of registries that keep the organism.

    Example::

        ln.Annotate.from_anndata(adata, var_index=bt.Gene.ensembl_gene_id, organism="human").validate()
    """

    _slot = "obs"

    def __init__(self, data, var_index, categoricals, using=None, organism=None):
        self._var_index, self._data = var_index, data
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

    def _names(self):
        return {"var_index": (self._var_index, list(self._data.var_names))}

    def _key_of(self, problem):
        return "var_index" if problem["slot"] == "var.T" else problem["column"]

    def _field_of(self, problem):
        return self._var_index if problem["slot"] == "var.T" else super()._field_of(problem)

    def _cat_of(self, key):
        return self._curator.slots["var.T"].cat if key == "var_index" else self.cat


class MuDataAnnotator(DataFrameAnnotator):
    """A MuData object and the registries of its variables and columns; `Annotate.from_mudata` makes it.

    Args:
        data (MuData): the dataset.
        var_index (dict): {modality: what the names of its variables are}.
        categoricals (dict): {column of obs: field of a registry}; "rna:cell_type" is a column of a modality.
        using (str, optional): slug of another instance: values that are only registered there are valid, and come here with the dataset.
        organism (str, optional): of registries that keep the organism.

    Example::

        ln.Annotate.from_mudata(mdata, var_index={"rna": bt.Gene.symbol}, organism="human").validate()
    """

    def __init__(self, data, var_index, categoricals, using=None, organism=None):
        self._var_index, self._data = dict(var_index), data
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

    def _names(self):
        return {f"{modality}:var_index": (field, list(self._data[modality].var_names)) for modality, field in self._var_index.items()}

    def _key_of(self, problem):
        modality, _, slot = problem["slot"].rpartition(":")
        if slot == "var.T":
            return f"{modality}:var_index"
        return f"{modality}:{problem['column']}" if modality else problem["column"]

    def _field_of(self, problem):
        modality, _, slot = problem["slot"].rpartition(":")
        return self._var_index[modality] if slot == "var.T" else super()._field_of(problem)

    def _cat_of(self, key):
        if key.endswith(":var_index"):
            return self._curator.slots[key.removesuffix("var_index") + "var.T"].cat
        return self._curator.slots[_slot_of(key)].cat


def _slot_of(column):
    """The slot of a column: "rna:cell_type" is in "rna:obs"."""
    modality, _, _ = column.rpartition(":")
    return f"{modality}:obs" if modality else "obs"


def _counted(values):
    return f"{len(values)} {'value' if len(values) == 1 else 'values'}"
