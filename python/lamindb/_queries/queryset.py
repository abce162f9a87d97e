"""Query sets: lazy, chainable, convertible to lists and data frames."""

from functools import cache

from .. import _core
from .._process import session as _session
from .._surface import former
from .._surface.lazy import later
from .._surface.missing import Missing, instance_attribute
from .combining import Combines, Repeats
from .conditions import asked, field_name, narrowed, says_which
from .narrowing import Narrows
from .reading import Reads
from .sets import ArtifactSet, RecordSet
from .values import Values
from .writing import Writes

queryset_to_dataframe = later("lamindb._queries.frames", "queryset_to_dataframe")
without_metadata = later("lamindb._queries.frames", "without_metadata")
lookup = later("lamindb._queries.lookup", "lookup")
validate, inspect, standardize = later("lamindb._queries.validation", "validate", "inspect", "standardize")


class QueryManager:
    """The source of rows: `ULabel.objects`, `label.parents`.

    Example:

        >>> isinstance(ln.ULabel.objects, ln.models.QueryManager)
        True
    """


_SETS = {"Artifact": ArtifactSet, "Record": RecordSet}


@cache
def _kind(kind, registry):
    """The class of a result; if results of the registry have extra methods, a combination such as `ArtifactQuerySet`."""
    more = _SETS.get(registry)
    if more is None or issubclass(kind, more):
        return kind
    return type(f"{registry}{kind.__name__}", (kind, more), {"__module__": __name__, "__doc__": kind.__doc__})


class BasicQuerySet(Narrows, Combines, Reads, Writes):
    """Rows of one registry, read when they are needed; every method that narrows or sorts returns another query set.

    Args:
        model (Registry): the class of the rows.
        *args: internal; query sets come from `filter`, `objects` and relations.
        **kwargs: internal.

    Example:

        >>> rows = bt.CellType.objects.filter(name__contains="cell").order_by("name")
        >>> [row.name for row in rows[:2]]
        ['B cell', 'T cell']
    """

    _source = None  # (record, relation): read together with the relations of the record's siblings

    def __new__(cls, model, *args, **kwargs):
        return object.__new__(_kind(cls, model.__registry__))

    def __init__(self, model, query, session=None):
        self.model = model
        self._query = query
        self._session = session
        self._rows = None

    @property
    def db(self):
        """The open instance that the rows are read from."""
        return self._session if self._session is not None else (_session._current or _session.current())

    def _with(self, query):
        return type(self)(self.model, query, self._session)

    def using(self, alias):
        """Rows of another instance.

        Args:
            alias (str | None): `"owner/name"`; None for the current one.

        Example::

            ln.Artifact.filter().using("lab/cells").count()
        """
        return QuerySet(self.model, _core.Query(self.model.__registry__), _session.of_instance(alias))

    def _repeated(self, rows):
        return RepeatedRows(self.model, rows, self._session)

    def __getitem__(self, key):
        if isinstance(key, slice):
            if key.step is not None:
                return list(self)[key]
            start, stop = key.start or 0, key.stop
            if start < 0 or (stop is not None and stop < 0):
                raise ValueError("Negative indexing is not supported.")
            if self._rows is not None:
                return self._rows[key]
            return self._with(self._query.sliced(start, -1 if stop is None else max(stop - start, 0)))
        if key < 0:
            raise ValueError("Negative indexing is not supported.")
        if self._rows is not None:
            return self._rows[key]
        row = _core.first(self.db, self._query.sliced(key, 1))
        if row is None:
            raise IndexError("list index out of range")
        return row

    def values_list(self, *fields, flat=False, named=False):
        """Values instead of rows.

        Args:
            *fields (str): fields or paths; none for all fields.
            flat (bool): bare values of the only field.
            named (bool): named tuples.

        Raises:
            TypeError: flat and named, or flat with several fields.

        Example:

            >>> list(ln.ULabel.filter().values_list("name", flat=True))
            ['pilot']
        """
        if flat and named:
            raise TypeError("'flat' and 'named' can't be used together.")
        if flat and len(fields) > 1:
            raise TypeError("'flat' is not valid when values_list is called with more than one field.")
        return self._values(fields or (["id"] if flat else ()), "flat" if flat else "named" if named else "tuple")

    def values(self, *fields):
        """One dict per row.

        Args:
            *fields (str): fields or paths; none for all fields.

        Example:

            >>> list(ln.ULabel.filter().values("name"))
            [{'name': 'pilot'}]
        """
        return self._values(fields, "dict")

    def _values(self, fields, form):
        kind = ValuesQuerySet if isinstance(self, QuerySet) else BasicValuesQuerySet
        names = [field_name(field) for field in fields] or [column["column"] for column in self.model._description["columns"]]
        return kind(self.model, self._query, self._session, names, form)

    # -- frames, search, values --------------------------------------------------------------------------------------

    def to_dataframe(self, *, include=None, features=None, limit=20, order_by="-id", record_metadata=True):
        """The rows as a pandas DataFrame, indexed by id.

        Other arguments as in :meth:`Registry.to_dataframe`.

        Args:
            record_metadata (bool): of records with their features: the columns that say which record each row is.

        Example:

            >>> ln.ULabel.filter(name="pilot").to_dataframe().shape[0]
            1
        """
        frame = queryset_to_dataframe(self, include, features, limit, order_by)
        return frame if record_metadata else without_metadata(frame)

    def df(self, include=None, features=None):
        """All rows as a data frame: the former name of `to_dataframe(limit=None)`.

        Args:
            include (str | list[str], optional): further columns.
            features (bool | str | list[str], optional): names of features whose values become columns.

        Example:

            >>> len(ln.ULabel.filter().df())
            1
        """
        former.warn("df()", "to_dataframe(limit=None)")
        return self.to_dataframe(include=include, features=features, limit=None)

    def search(self, string, *, field=None, limit=20, case_sensitive=False, fuzzy=False):
        """Those of the rows whose texts contain the string, best first.

        Arguments as in :meth:`Registry.search`.

        Example:

            >>> bt.CellType.filter(name__contains="cell").search("T").first().name
            'T cell'
        """
        if string is None:
            raise ValueError("Cannot search for None value! Please pass a valid string.")
        if isinstance(string, str) and not string.strip():  # an empty search returns everything
            return self[:limit]
        options = {"limit": limit, "case_sensitive": case_sensitive, "fuzzy": fuzzy, "within": self._query}
        if field is not None:
            fields = list(field) if isinstance(field, (list, tuple)) else [field]
            options["field"] = [field_name(one) for one in fields]
        rows = _core.search(self.db, self.model.__registry__, string, options)
        return (RankedQuerySet if isinstance(self, QuerySet) else RowSet)(self.model, rows, self.db)

    def lookup(self, field=None, return_field=None, keep="first"):
        """An object with one attribute per row, for auto-completion.

        Arguments as in :meth:`Registry.lookup`.

        Example:

            >>> bt.CellType.filter(name="T cell").lookup().t_cell.name
            'T cell'
        """
        return lookup(self, field, return_field, keep)

    def validate(self, values, field=None, **kwargs):
        """Which values are registered among these rows, exactly.

        Args:
            values (str | Iterable[str]): the values.
            field (str, optional): the field to compare with; otherwise the name.
            **kwargs: as in :meth:`CanCurate.validate`.

        Example:

            >>> bt.CellType.filter(name="T cell").validate(["T cell", "B cell"], mute=True).tolist()
            [True, False]
        """
        return validate(self.model, values, field, within=self._query, **kwargs)

    def inspect(self, values, field=None, **kwargs):
        """Which values are registered among these rows, which are synonyms, and what the others may mean.

        Args:
            values (Iterable[str]): the values.
            field (str, optional): the field to compare with; otherwise the name.
            **kwargs: as in :meth:`CanCurate.inspect`.

        Example:

            >>> bt.CellType.filter(name="T cell").inspect(["B cell"], mute=True).non_validated
            ['B cell']
        """
        return inspect(self.model, values, field, within=self._query, **kwargs)

    def standardize(self, values, field=None, **kwargs):
        """Standard names of values, by the synonyms of these rows.

        Args:
            values (Iterable[str]): the values.
            field (str, optional): the field to compare with; otherwise the name.
            **kwargs: as in :meth:`CanCurate.standardize`.

        Example:

            >>> bt.CellType.filter().standardize(["T-cell"], mute=True)
            ['T cell']
        """
        return standardize(self.model, values, field, within=self._query, **kwargs)

    def describe(self, return_str=False):
        """The fields of the registry and its relations, as text.

        Args:
            return_str (bool): return the text rather than print it.

        Example:

            >>> ln.ULabel.filter().describe(return_str=True).splitlines()[0]
            'ULabel'
        """
        return self.model.describe(return_str=return_str)

    __getattr__ = instance_attribute

    def __dir__(self):
        return former.shown(type(self), super().__dir__())

    def __repr__(self):
        rows = list(self[:21]) if self._rows is None else self._rows[:21]
        inner = ", ".join(repr(row) for row in rows[:20])
        more = ", '...(remaining elements truncated)...'" if len(rows) > 20 else ""
        return f"<{type(self).__name__} [{inner}{more}]>"

    def _repr_html_(self):
        rows = list(self[:21]) if self._rows is None else self._rows[:21]
        more = len(rows) > 20
        title = f"{type(self).__name__} of {self.model.__name__}: {'first 20' if more else len(rows)} rows"
        return _core.records_html(title, rows[:20], more)

    def __reduce__(self):
        return list, (list(self),)

    def __copy__(self):
        return self.all()

    def __deepcopy__(self, memo):
        return self.all()


for _name in ("aggregate", "alias", "annotate", "dates", "datetimes", "explain", "extra", "raw"):
    setattr(BasicQuerySet, _name, Missing(f"QuerySet.{_name}"))  # Django's


class QuerySet(BasicQuerySet):
    """Rows of a registry on the current branch and main, unless a condition identifies rows or names a branch.

    Args:
        model (Registry): the class of the rows.
        *args: internal; query sets come from `ULabel.filter()`.
        **kwargs: internal.

    Example:

        >>> ln.ULabel.filter(name__startswith="pi").one().name
        'pilot'
    """

    def filter(self, *queries, **expressions):
        """The rows for which all conditions hold as well.

        Arguments and errors as in :meth:`Registry.filter`.

        Example:

            >>> bt.CellType.filter().filter(name="T cell").count()
            1
        """
        query = narrowed(self.model, self._query, queries, expressions, session=self._session)
        return self._with(query if not self.model._has_branch or says_which(queries, expressions) else query.seen())

    def get(self, idlike=None, *queries, **expressions):
        """Exactly one of the rows.

        Arguments and errors as in :meth:`Registry.get`.

        Example:

            >>> bt.CellType.filter().get(name="T cell").name
            'T cell'
        """
        idlike, queries = asked(idlike, queries)
        if "path" in expressions and self.model.__registry__ == "Artifact":
            path = str(expressions.pop("path"))
            record = _core.artifact_at(self.db, path)
            if record is None:
                raise self.model.DoesNotExist(f"No artifact is at '{path}'.")
            expressions["id"] = record.id
        hides = idlike is None and self.model._has_branch and not says_which(queries, expressions)
        rows = self._with(self._query.seen()) if hides else self
        return super(QuerySet, rows).get(idlike, *queries, **expressions)


class AllRows(QueryManager, BasicQuerySet):
    """`ULabel.objects`."""

    def _with(self, query):
        return BasicQuerySet(self.model, query, self._session)


class RowSet(BasicQuerySet):
    """Rows in an order not based on fields, such as a search's; further conditions apply to these rows."""

    ranked = True
    _narrowed = BasicQuerySet  # the class after further conditions

    def __init__(self, model, rows, session=None):
        super().__init__(model, _core.Query(model.__registry__).where(None, {"id__in": [row.id for row in rows]}), session)
        self._rows = rows

    def _with(self, query):
        return self._narrowed(self.model, query, self._session)

    def __getitem__(self, key):
        found = super().__getitem__(key)
        return type(self)(self.model, found, self._session) if isinstance(key, slice) else found

    @property
    def ordered(self):
        return True

    def reverse(self):
        return type(self)(self.model, self._rows[::-1], self._session)

    def first(self):
        return self._rows[0] if self._rows else None

    def last(self):
        return self._rows[-1] if self._rows else None

    def to_list(self, field=None):
        return list(self._rows) if field is None else [getattr(row, field_name(field)) for row in self._rows]

    def _values(self, fields, form):
        return super()._values(fields, form)._in_order([row.id for row in self._rows])

    def __repr__(self):
        kind = _kind(self._narrowed, self.model.__registry__)
        return f"<{kind.__name__} [{', '.join(repr(row) for row in self._rows)}]>"


class RankedQuerySet(RowSet, QuerySet):
    """Such rows, where further conditions leave out hidden rows."""

    _narrowed = QuerySet


class RepeatedRows(Repeats, RankedQuerySet):
    """Rows that occur as often as they were found."""


class BasicValuesQuerySet(Values, BasicQuerySet):
    """Values of rows, hidden or not."""


class ValuesQuerySet(Values, QuerySet):
    """Values of rows, where further conditions leave out hidden rows."""


ArtifactQuerySet = _kind(QuerySet, "Artifact")
