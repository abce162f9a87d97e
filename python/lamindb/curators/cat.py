"""The categorical columns of a slot: what is not registered, and what to do about it."""

from lamindb._process import session as _session
from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb.errors import InvalidArgument

__all__ = ["CatLookup", "CatManager"]


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
            key (str): the column; "columns" for the names of features or terms, "all" for every column.

        Raises:
            InvalidArgument: there is no such column, or it holds no categories.

        Example:

            >>> typed_by_hand = df.assign(cell_type=["T-cell", "B cell"])
            >>> curator = ln.curators.DataFrameCurator(typed_by_hand, typed)
            >>> curator.cat.standardize("cell_type")
            >>> curator.dataset["cell_type"].to_list()
            ['T cell', 'B cell']
        """
        names = self._curator._core_object().standardize(self._slot, "" if key == "all" else key)
        if names:
            self._curator._changed = True
            self._curator._rename(self._slot, key, names)
            shown = ", ".join(f'"{old}" → "{new}"' for old, new in list(names.items())[:10])
            more = ", ..." if len(names) > 10 else ""
            logger.success(f'standardized {len(names)} synonym{"" if len(names) == 1 else "s"} in "{key}": {shown}{more}')
        self._curator._check()

    def add_new_from(self, key, **kwargs):
        """Registers all unknown values of a column.

        Args:
            key (str): the column; "all" for every column.
            **kwargs: other fields of the new records, such as `description`.

        Raises:
            ValidationError: some values are synonyms: standardize them first.

        Example::

            curator.cat.add_new_from("cell_type")
        """
        if kwargs and key == "all":
            raise ValueError("fields of new records are passed for one column, not for 'all'")
        _session.refuse_elsewhere(self._curator._session, "registering new values")
        n = self._curator._core_object().add_new(self._slot, "" if key == "all" else key, kwargs)
        logger.success(f'added {n} record{"" if n == 1 else "s"} for "{key}"')
        self._curator._check()

    def lookup(self, public=False):
        """The registries of the columns, for auto-completion.

        Args:
            public (bool): their public ontologies instead.

        Returns:
            CatLookup: with an attribute for each column.

        Example:

            >>> ln.curators.DataFrameCurator(df, typed).cat.lookup()["cell_type"].t_cell.name
            'T cell'
        """
        fields = {column: _field(dtype) for column, dtype, *_ in self._curator._core_object().columns(self._slot) if "cat[" in dtype}
        return CatLookup({column: field for column, field in fields.items() if field is not None}, public)

    def __repr__(self):
        return f"CatManager(slot={self._slot!r}, non_validated={self.non_validated!r})"


def _field(dtype):
    """The field that a dtype looks up, of a union the first: `bt.CellType.ontology_id`."""
    target = dtype.partition("cat[")[2].partition("|")[0].rstrip("]")
    registry = target.partition("[")[0]
    field = target.rpartition("]")[2].lstrip(".") if "[" in target else ""
    try:
        model = class_of(registry)
    except LookupError:
        registry, _, field = registry.rpartition(".")
        model = class_of(registry)
    return getattr(model, field or model._name_field)


class CatLookup:
    """The registries of categorical columns: as attributes, or by name in brackets.

    Args:
        categoricals (dict): {column: field of a registry}.
        public (bool): their public ontologies instead.

    Example:

        >>> "cell_type" in dir(ln.curators.DataFrameCurator(df, typed).cat.lookup())
        True
    """

    def __init__(self, categoricals, public=False):
        self._fields = dict(categoricals)
        self._public = public

    def __getitem__(self, column):
        if column not in self._fields:
            raise InvalidArgument(f"there is no categorical column {column!r}: there are {', '.join(self._fields) or 'none'}")
        field = self._fields[column]
        if self._public and hasattr(field.model, "public"):
            return field.model.public().lookup()
        return field.model.lookup(field=field)

    def __getattr__(self, column):
        if column.startswith("_") or column not in self._fields:
            raise AttributeError(f"there is no categorical column {column!r}: there are {', '.join(self.__dict__.get('_fields', ()))}")
        return self[column]

    def __dir__(self):
        return list(self._fields)

    def __repr__(self):
        where = "public ontologies" if self._public else "registries"
        return f"CatLookup({where} of {', '.join(self._fields) or 'no columns'}): lookup()['column'].value"
