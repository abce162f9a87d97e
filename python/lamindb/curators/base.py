"""What all curators do: find out what is wrong, explain it, fix it, save the annotated dataset."""

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb._process.settings import settings
from lamindb.curators.cat import CatManager
from lamindb.curators.files import Report
from lamindb.curators.slots import EXTERNAL
from lamindb.errors import InvalidArgument, ValidationError
from lamindb.examples.schemas import schema_of

# What pandera, which LaminDB's users know, calls the rules.
_CODES = {
    "missing_column": "COLUMN_NOT_IN_DATAFRAME", "extra_column": "COLUMN_NOT_IN_SCHEMA", "wrong_type": "WRONG_DATATYPE",
    "null": "SERIES_CONTAINS_NULLS", "order": "COLUMN_NOT_ORDERED",
}  # fmt: skip
_HINT = (
    "\n▶ Hint: Consider setting `feature.coerce = True` to attempt coercing values during validation to the required dtype."
)


def complaint(problems):
    """All problems in one text."""
    lines = [f"{_CODES[p['rule']]}: {p['message']}" if p["rule"] in _CODES else p["message"] for p in problems]
    hint = _HINT if any(p["rule"] == "wrong_type" and "feature.coerce" in p["message"] for p in problems) else ""
    return "\n".join(lines) + hint


class ComponentCurator:
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

    @property
    def dataset(self):
        """The table of the slot as it is now."""
        return self._curator._tables[self._slot].data

    def validate(self):
        """Checks the slot.

        Raises:
            ValidationError: it lists everything that is wrong in the slot.

        Example::

            curator.slots["obs"].validate()
        """
        self._curator._check()
        problems = self._curator._problems_of(self._slot)
        if problems:
            raise ValidationError(complaint(problems))

    def standardize(self):
        """Adds missing optional columns, fills in default values.

        Example::

            curator.slots["obs"].standardize()
        """
        self._curator._fill_in(self._slot)

    def __repr__(self):
        return f"ComponentCurator({self._slot!r}, non_validated={self.cat.non_validated!r})"


class Curator:
    """The base of curators: a dataset and a schema; find out what is wrong, fix it, save.

    Args:
        dataset (object): data in memory, or an artifact.
        schema (Schema | str): a saved schema, or the name of one that comes with the library.
        features (dict, optional): {feature: value} to set on the artifact; checked if the schema has a slot `__external__`.

    Raises:
        ValueError: the schema is not saved.
        InvalidArgument: the schema is for another type of object.

    Example:

        >>> ln.curators.DataFrameCurator(df, typed).validate()
    """

    _otype = None
    _needs_otype = True  # a schema without an otype does not do
    _is_dictionary = False
    _takes_unsaved = False  # schemas that are not saved
    _of_values = None  # the curator of feature values, a DictCurator
    _members = None  # instead of those that the schema is saved with
    _slot = ""  # of a larger dataset, for messages

    def __init__(self, dataset, schema, *, features=None):
        schema = schema_of(schema)
        if not isinstance(schema, class_of("Schema")):
            raise InvalidArgument(f"schema argument must be a Schema record, not a {type(schema).__name__}.")
        if not _core.saved(schema):
            if not self._takes_unsaved:
                raise ValueError("Schema must be saved before curation. Please save it using '.save()'.")
            self._members = list(schema.members) if self._members is None else self._members
        self._artifact = None
        if isinstance(dataset, class_of("Artifact")):
            self._artifact = dataset
            dataset = self._loaded(dataset)
        self._check_dataset(dataset)
        if schema.otype != self._otype and (self._needs_otype or schema.otype is not None) and self._otype is not None:
            raise InvalidArgument(f"Schema otype must be '{self._otype}'.")
        self._dataset = dataset
        self._schema = schema
        self._session = _core.session_of(schema)  # that of another instance if the schema is there
        self._features = features
        self._core = None
        self._problems = None
        self._is_validated = False
        self._changed = False  # what was passed is no longer what is checked
        self._tables = self._make_tables()

    def _loaded(self, artifact):
        return artifact.load(is_run_input=False)

    def _check_dataset(self, dataset):
        """Raises InvalidArgument for an object of another type."""

    def _make_tables(self):
        """{slot: its table} of all slots of the schema; "" for the dataset itself."""
        return {slot: self._table_of(slot, schema) for slot, schema in self._schema.slots.items() if slot != EXTERNAL}

    def _table_of(self, slot, schema):
        raise NotImplementedError

    @property
    def dataset(self):
        """The data as it is now."""
        return self._dataset

    def _asked(self, slot):
        """What is checked in a table, by a frame with its columns."""
        schema = self._schema if slot == "" else self._schema.slots[slot]

        def ask(frame):
            return self._core_curator(schema, {"": frame}).columns("")

        return ask

    def _core_curator(self, schema, frames):
        members = self._members if schema is self._schema else None
        return _core.Curator(self._session, schema, frames, settings.annotation.n_max_records, members, self._is_dictionary, self._slot)

    def _core_object(self):
        if self._core is None:
            frames = {slot: table.frame(self._asked(slot)) for slot, table in self._tables.items()}
            self._core = self._core_curator(self._schema, frames)
        return self._core

    def _check(self):
        """Checks the dataset in its current state."""
        self._core = None
        self._problems = self._core_object().check()
        if (layout := self._layout()) is not None:
            known = [(problem["slot"], problem["column"], problem["non_validated"]) for problem in self._problems]
            violations, notes = _core.layout_violations(self._schema, layout, known)
            self._problems = [*self._problems, *violations]
            for note in notes:
                logger.warning(note)
        self._is_validated = not self._problems
        for slot, column, dtype in self._core.coerced():
            self._tables[slot].coerce(column, dtype)
        return self._problems

    def _problems_of(self, slot):
        if self._problems is None:
            self._check()
        return [problem for problem in self._problems if problem["slot"] == slot]

    def _rename(self, slot, key, names):
        """New names of values, columns or rows, as `CatManager.standardize` got them from the core."""
        table = self._tables[slot]
        if key != "columns":
            columns = self._core.columns(slot)
            table.replace([c for c, dtype, name, *_ in columns if "cat" in dtype and key in (c, name, "all")], names)
        elif slot.removesuffix(".T").endswith("var"):
            table.rename_rows(names)
        else:
            table.rename(names)

    def _fill_in(self, slot):
        if self._artifact is not None:
            raise RuntimeError("Cannot mutate the dataset when an artifact is passed! Please load the dataset first.")
        self._core = None
        table = self._tables[slot]
        core = self._core_object()
        filled = core.fill_in(slot)
        dtypes = {column: dtype for column, dtype, *_ in core.columns(slot)}
        for column, value, added in filled:
            table.fill(column, value, added, dtypes[column])
            if added:
                logger.important(f"added column {column} with fill value {value}")
        self._core = None
        self._problems = None

    def validate(self):
        """Checks the dataset.

        Raises:
            ValidationError: it lists everything that is wrong and what to do about it.

        Example:

            >>> ln.curators.DataFrameCurator(df, typed).validate()
        """
        self._is_validated = False
        wrong = self._external_problems() + [complaint(problems) for problems in [self._check()] if problems]
        self._is_validated = not wrong
        if wrong:
            raise ValidationError("\n".join(wrong))

    def _external_problems(self):
        """What is wrong with the feature values of the artifact, if the schema has a slot for them."""
        schema = self._schema.slots.get(EXTERNAL)
        if schema is None:
            return []
        if not self._features and self._artifact is not None and _core.saved(self._artifact):
            self._features = self._artifact.features.get_values(external_only=True)
        if not self._features:
            return ["External features slot is defined in schema but no external features were provided."]
        try:
            self._of_values(self._features, schema).validate()
        except ValidationError as error:
            return [str(error)]
        return []

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
        return Report(_core.report_on(self._session, self._core_object(), name, self._layout()))

    def _layout(self):
        """What the core has to know of the dataset besides its tables; None if it has no rules for that."""
        return None

    def _repr_html_(self):
        return self.report()._repr_html_()

    def save_artifact(self, *, key=None, description=None, revises=None, run=None):
        """Validates the dataset and saves it with its schema and labels; those of another instance are made here, with their uids.

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
        if not self._is_validated or self._problems is None:
            self.validate()
        if (here := self.here()) is not self:
            return here.save_artifact(key=key, description=description, revises=revises, run=run)
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

    def here(self):
        """A curator with the registries of the current instance, which gets the schema and the labels that the dataset names.

        Returns:
            Curator: itself, if its schema is in the current instance.

        Raises:
            ValidationError: the dataset does not fit the schema.

        Example:

            >>> curator = ln.curators.DataFrameCurator(df, typed)
            >>> curator.here() is curator
            True
        """
        if self._session is _session.current():
            return self
        schema = self._core_object().schema_here(_session.current())
        here = type(self)(self.dataset if self._artifact is None else self._artifact, schema, features=self._features)
        here.validate()
        return here

    def _make_artifact(self, **kwargs):
        raise NotImplementedError

    def __repr__(self):
        schema = self._schema
        name = schema.name or f"uid={schema.uid}"
        otype = f" ({schema.otype})" if schema.otype else ""
        names = [slot for slot in self._tables if slot]
        shown = f"{names[:3]}" if len(names) <= 3 else f"[{', '.join(names[:3])}... +{len(names) - 3} more]"
        slots = f", slots: {shown}" if names else ""
        of = "" if self._artifact is None else f", artifact: {self._artifact.uid}"
        return f"{type(self).__name__}{of}(Schema: {name}{otype}{slots}, {'validated' if self._is_validated else 'unvalidated'})"


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
        """{slot: its part of the dataset, a ComponentCurator} (dict)."""
        return {slot: ComponentCurator(self, slot) for slot in self._tables if slot}
