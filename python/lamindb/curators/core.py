"""Curators: find out what is wrong, explain it, fix it, save the annotated dataset."""

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb._queries.frames import to_core
from lamindb._surface.lazy import public
from lamindb._surface.missing import Missing
from lamindb.curators.files import Report
from lamindb.errors import InvalidArgument, ValidationError
from lamindb.examples.schemas import schema_of

__all__ = ["AnnDataCurator", "CatManager", "Curator", "DataFrameCurator", "SlotView", "SlotsCurator"]

ROWS = "_index"  # the column with the row names in a core frame


class CatManager:
    """The categorical columns of one slot: `curator.cat`, `curator.slots["obs"].cat`.

    Args:
        curator (Curator): the curator.
        slot (str): the slot; "" of a DataFrame.

    Example:

        >>> curator = ln.curators.DataFrameCurator(df, typed)
        >>> curator.cat.validate()
        True
    """

    def __init__(self, curator, slot):
        self._curator = curator
        self._slot = slot

    @property
    def non_validated(self):
        """{column: unregistered values}, as of the last validation (dict)."""
        found = {}
        for problem in self._curator._problems_of(self._slot):
            if problem["rule"] == "not_registered":
                found[problem["column"] or "columns"] = problem["non_validated"]
        return found

    def validate(self):
        """Whether every value is registered (bool).

        Example:

            >>> ln.curators.DataFrameCurator(df, typed).cat.validate()
            True
        """
        self._curator._check()
        return not self.non_validated

    def standardize(self, key):
        """Replaces synonyms by standard names, in the dataset.

        Args:
            key (str): the column; "all" for every column.

        Example:

            >>> typed_by_hand = df.assign(cell_type=["T-cell", "B cell"])
            >>> curator = ln.curators.DataFrameCurator(typed_by_hand, typed)
            >>> curator.cat.standardize("cell_type")
            >>> curator.dataset["cell_type"].to_list()
            ['T cell', 'B cell']
        """
        mapping = self._curator._core_object().standardize(self._slot, "" if key == "all" else key)
        if mapping:
            self._curator._changed = True
            self._curator._apply(self._slot, None if key == "all" else key, mapping)
        for old, new in mapping.items():
            logger.success(f'standardized 1 synonym in "{key}": "{old}" → "{new}"')
        self._curator._check()

    def add_new_from(self, key, **kwargs):
        """Registers all unknown values of a column.

        Args:
            key (str): the column.
            **kwargs: accepted for code of LaminDB.

        Example::

            curator.cat.add_new_from("cell_type")
        """
        n = self._curator._core_object().add_new(self._slot, "" if key == "all" else key)
        logger.success(f'added {n} record{"" if n == 1 else "s"} for "{key}"')
        self._curator._check()

    def lookup(self, public=False):
        """Not implemented yet: raises NotImplementedError.

        Args:
            public (bool): as in LaminDB.

        Example::

            curator.cat.lookup()
        """
        Missing("CatManager.lookup")()

    def __repr__(self):
        return f"CatManager(slot={self._slot!r}, non_validated={self.non_validated!r})"


class SlotView:
    """One slot of a dataset: `curator.slots["obs"]`, with its categorical columns as `cat`.

    Args:
        curator (Curator): the curator.
        slot (str): the slot.

    Example::

        curator.slots["obs"].cat.non_validated
    """

    def __init__(self, curator, slot):
        self._curator, self._slot = curator, slot
        self.cat = CatManager(curator, slot)

    def validate(self):
        """Checks the slot.

        Raises:
            ValidationError: it lists everything that is wrong in the slot.

        Example::

            curator.slots["obs"].validate()
        """
        self._curator._check()
        messages = [p["message"] for p in self._curator._problems_of(self._slot)]
        if messages:
            raise ValidationError("\n".join(messages))

    def __repr__(self):
        return f"SlotView({self._slot!r}, non_validated={self.cat.non_validated!r})"


class Curator:
    """The base of curators: a dataset and a schema; find out what is wrong, fix it, save.

    Args:
        dataset (object): data in memory, or an artifact.
        schema (Schema | str): a saved schema, or the name of one that comes with the library.
        features (dict, optional): {feature: value} to set on the artifact.

    Raises:
        ValueError: the schema is not saved.
        InvalidArgument: the schema is for another type of object.

    Example:

        >>> ln.curators.DataFrameCurator(df, typed).validate()
    """

    _otypes = ()

    def __init__(self, dataset, schema, *, features=None):
        self._artifact = None
        if isinstance(dataset, class_of("Artifact")):
            self._artifact = dataset
            dataset = dataset.load(is_run_input=False)
        schema = schema_of(schema)
        if not _core.saved(schema):
            raise ValueError("Please save the schema before curation.")
        if schema.otype is not None and self._otypes and schema.otype not in self._otypes:
            raise InvalidArgument(f"Schema otype must be {self._otypes[0]!r}, but is {schema.otype!r}")
        self._dataset = dataset
        self._schema = schema
        self._features = features
        self._core = None
        self._problems = None
        self._changed = False  # what was passed is no longer what is checked

    @property
    def dataset(self):
        """The data as it is now."""
        return self._dataset

    def _frames(self):
        raise NotImplementedError

    def _core_object(self):
        if self._core is None:
            self._core = _core.Curator(_session.current(), self._schema, self._frames())
        return self._core

    def _check(self):
        """Checks the dataset in its current state."""
        self._core = None
        self._problems = self._core_object().check()
        return self._problems

    def _problems_of(self, slot):
        if self._problems is None:
            self._check()
        return [problem for problem in self._problems if problem["slot"] == slot]

    def validate(self):
        """Checks the dataset.

        Raises:
            ValidationError: it lists everything that is wrong and what to do about it.

        Example:

            >>> ln.curators.DataFrameCurator(df, typed).validate()
        """
        problems = self._check()
        if problems:
            raise ValidationError("\n".join(problem["message"] for problem in problems))

    def report(self):
        """What was checked and what is wrong, with the values that were probably meant.

        Returns:
            Report: shown as a page in a notebook.

        Example:

            >>> ln.curators.DataFrameCurator(df, typed).report().n_problems
            0
        """
        name = self._artifact.key if self._artifact is not None and self._artifact.key else "this dataset"
        self._check()
        return Report(_core.report_on(_session.current(), self._core_object(), name))

    def _repr_html_(self):
        return self.report()._repr_html_()

    def save_artifact(self, *, key=None, description=None, revises=None, run=None):
        """Validates the dataset and saves it with its schema and labels.

        Args:
            key (str, optional): path-like name under which it gets versions.
            description (str, optional): what it is.
            revises (Artifact, optional): the version that this one replaces.
            run (Run, optional): what makes it; otherwise the tracked run.

        Returns:
            Artifact: the saved artifact.

        Raises:
            ValidationError: the dataset does not fit the schema.

        Example:

            >>> saved = ln.curators.DataFrameCurator(df, typed).save_artifact(key="blood/cells.parquet")
            >>> saved == artifact
            True
        """
        if self._problems is None or self._problems:
            self.validate()
        artifact = self._artifact
        if artifact is None or self._changed:  # a saved file keeps its content: the standardized one is the next version
            key = artifact.key if artifact is not None and key is None else key
            revises = artifact if revises is None else revises
            artifact = self._make_artifact(key=key, description=description, revises=revises, run=run)
        self._core_object()
        artifact.__dict__["_curator"] = self
        artifact.schema = self._schema
        if self._features:
            artifact.__dict__["_features"] = self._features
        return artifact.save()

    def __repr__(self):
        return f"{type(self).__name__}(schema={self._schema.name or self._schema.uid!r})"


class SlotsCurator(Curator):
    """A curator of a dataset of several tables.

    Arguments and errors as in :meth:`Curator`.

    Args:
        dataset (object): data in memory, or an artifact.
        schema (Schema): a saved schema with slots.
        features (dict, optional): {feature: value} to set on the artifact.

    Example:

        >>> issubclass(ln.curators.AnnDataCurator, ln.curators.SlotsCurator)
        True
    """

    @property
    def slots(self):
        """{slot: its part of the dataset, a SlotView} (dict)."""
        return {name: SlotView(self, name) for name in self._schema.slots}


class DataFrameCurator(SlotsCurator):
    """A curator of a DataFrame.

    Arguments and errors as in :meth:`Curator`.

    Args:
        slot (str, optional): not implemented yet: raises NotImplementedError.
        require_saved_schema (bool): accepted for code of LaminDB.
        using (str, optional): not implemented yet: raises NotImplementedError.
        members (object, optional): not implemented yet: raises NotImplementedError.
        index (object, optional): accepted for code of LaminDB.

    Example:

        >>> curator = ln.curators.DataFrameCurator(df, typed)
        >>> curator.validate()
    """

    _otypes = ("DataFrame",)

    def __init__(self, dataset, schema, *, slot=None, features=None, require_saved_schema=True, using=None,
                 members=None, index=None):  # fmt: skip
        for name, given in (("slot", slot), ("using", using), ("members", members)):
            if given is not None:
                raise NotImplementedError(f"DataFrameCurator({name}=...) is not implemented in lamindb-native yet")
        super().__init__(dataset, schema, features=features)
        if not hasattr(self._dataset, "columns"):
            raise InvalidArgument(f"a DataFrameCurator takes a DataFrame, not a {type(self._dataset).__name__}")

    def _frames(self):
        return {"": to_core(self._dataset, None if self._schema.index is None else ROWS)}

    def _check(self):
        problems = super()._check()
        for _, column, dtype in self._core.coerced():
            if column in self._dataset.columns:
                # What the caller passed stays as it is; what is saved has the types of the schema.
                self._dataset = self._dataset.assign(**{column: _coerced(self._dataset[column], dtype)})
        return problems

    @property
    def slots(self):
        """{}: the table itself has no slots."""
        return {}

    @property
    def cat(self):
        """The categorical columns, a CatManager."""
        return CatManager(self, "")

    def standardize(self):
        """Adds missing optional columns, fills in default values, replaces synonyms.

        Raises:
            RuntimeError: an artifact was passed rather than a DataFrame.

        Example:

            >>> curator = ln.curators.DataFrameCurator(df.assign(cell_type=["T-cell", "B cell"]), typed)
            >>> curator.standardize()
            >>> curator.dataset["cell_type"].to_list()
            ['T cell', 'B cell']
        """
        if self._artifact is not None:
            raise RuntimeError("Cannot mutate the dataset when an artifact is passed! Please load the dataset first.")
        import pandas

        self._core = None
        for column, value, added in self._core_object().fill_in(""):
            if added:
                filled = pandas.Series(pandas.NA if value is None else value, index=self._dataset.index)
                categorical = (class_of("Feature").get(name=column)._dtype_str or "").startswith("cat[")
                self._dataset[column] = filled.astype("category") if categorical else filled
                logger.warning(f"added column {column} to the dataset")
                continue
            held = self._dataset[column]
            if held.dtype.name == "category" and value not in held.cat.categories:
                held = held.cat.add_categories([value])
            self._dataset[column] = held.fillna(value)
        self.cat.standardize("all")

    def _apply(self, slot, column, mapping):
        _rename(self._dataset, column, mapping)

    def _make_artifact(self, **kwargs):
        return class_of("Artifact").from_dataframe(self._dataset, **kwargs)


class AnnDataCurator(SlotsCurator):
    """A curator of an AnnData object: obs, var and the keys of uns.

    Arguments and errors as in :meth:`Curator`.

    Args:
        dataset (AnnData | Artifact): the data.
        schema (Schema): a saved schema with otype="AnnData" and slots.
        features (dict, optional): {feature: value} to set on the artifact.

    Example::

        ln.curators.AnnDataCurator(adata, schema).validate()
    """

    _otypes = ("AnnData",)

    def __init__(self, dataset, schema, *, features=None):
        super().__init__(dataset, schema, features=features)
        if not hasattr(self._dataset, "obs") or not hasattr(self._dataset, "var"):
            raise InvalidArgument(f"an AnnDataCurator takes an AnnData object, not a {type(self._dataset).__name__}")
        if self._schema.otype != "AnnData":
            raise InvalidArgument("Schema otype must be 'AnnData'.")

    def _frames(self):
        uns = _core.Frame()
        for key in self._dataset.uns:
            uns.add_objects(str(key), [])
        return {"obs": to_core(self._dataset.obs, ROWS), "var": to_core(self._dataset.var, ROWS), "uns": uns}

    def _apply(self, slot, column, mapping):
        table = self._dataset.obs if slot.partition(".")[0] == "obs" else self._dataset.var
        if column == "columns":
            names = [mapping.get(name, name) for name in table.index]
            if table is self._dataset.obs:
                self._dataset.obs_names = names
            else:
                self._dataset.var_names = names
        else:
            _rename(table, column, mapping)

    def _make_artifact(self, **kwargs):
        return class_of("Artifact").from_anndata(self._dataset, **kwargs)


def _coerced(series, dtype):
    """A column as pandas holds a dtype."""
    import pandas

    if dtype in ("int", "float", "str", "bool"):
        return series.astype(dtype)
    if dtype == "cat":
        return series.astype("category")
    if dtype == "date":
        return pandas.to_datetime(series).dt.date
    return pandas.to_datetime(series, utc="UTC" in dtype) if dtype.startswith("datetime") else series


def _rename(df, column, mapping):
    """Replaces values of one column, or of every categorical one."""
    if not mapping:
        return

    def renamed(value):
        if isinstance(value, (list, tuple, set)):
            return type(value)(map(renamed, value))
        return mapping.get(value, value) if isinstance(value, str) else value

    names = [column] if column is not None else [c for c in df.columns if df[c].dtype.name in ("category", "object")]
    for name in names:
        series = df[name]
        if series.dtype.name == "category":
            if not set(mapping) & set(series.cat.categories):
                continue
            renamed = [mapping.get(c, c) for c in series.cat.categories]
            if len(set(renamed)) == len(renamed):
                df[name] = series.cat.rename_categories(renamed)
            else:
                df[name] = series.astype(object).map(renamed).astype("category")
        else:
            df[name] = series.map(renamed)


__getattr__, __dir__ = public(__name__)
