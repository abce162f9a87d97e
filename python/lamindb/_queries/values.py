"""Values of fields instead of rows: `values()` and `values_list()`."""

from collections import namedtuple

from .. import _core


class Values:
    """The part of a result that returns values: each row as "dict", "tuple" or "named" tuple, or its single value, "flat"."""

    def __init__(self, model, query, session, fields, form):
        super().__init__(model, query, session)
        self._fields = fields
        self._form = form

    def _with(self, query):
        return type(self)(self.model, query, self._session, self._fields, self._form)

    def _columns(self, query, *before):
        return _core.columns(self.db, query, [*before, *(self._path(name) for name in self._fields)])

    def _shaped(self, columns):
        if self._form == "flat":
            return columns[0]
        rows = list(zip(*columns))
        if self._form == "named":
            return list(map(namedtuple("Row", self._fields)._make, rows))
        return [dict(zip(self._fields, row)) for row in rows] if self._form == "dict" else rows

    def _one_column(self):
        """The bare values, for an `__in` look-up."""
        if len(self._fields) != 1:
            raise TypeError(f"an `__in` look-up takes the values of one field, not of {len(self._fields)}: {', '.join(self._fields)}")
        return self._columns(self._query)[0]

    def _in_order(self, ids):
        """The values of these rows in this order, repeated if a row is."""
        numbers, *columns = self._columns(self._query, "id")
        by_id = {}
        for number, value in zip(numbers, self._shaped(columns)):
            by_id.setdefault(number, []).append(value)
        return self._held([value for number in ids for value in by_id.get(number, ())])

    def _held(self, values):
        result = self._with(self._query)
        result._rows = values
        return result

    def _fetch(self):
        if self._rows is None:
            self._rows = self._shaped(self._columns(self._query))
        return self._rows

    def _few(self, query, n):
        return self._shaped(self._columns(query.sliced(0, n)))

    def _head(self, query):
        return next(iter(self._few(query, 1)), None)

    def _two(self, query):
        return self._few(query, 2)

    def _meant(self, query):
        rows = super()._meant(query)
        return self._two(query.where(None, {"id": rows[0].id}) if len(rows) == 1 else query)

    def __getitem__(self, key):
        if isinstance(key, slice) or self._rows is not None or key < 0:
            return super().__getitem__(key)
        return self._few(self._query.sliced(key, 1), 1)[0]

    def union(self, *others, all=False):
        """Values of all rows.

        Args:
            *others (QuerySet): values of the same fields.
            all (bool): as often as found, rather than once.

        Example:

            >>> names = ln.ULabel.filter().values_list("name", flat=True)
            >>> list(names.union(names))
            ['pilot']
        """
        return self._held([value for values in (self, *others) for value in values]) if all else super().union(*others)

    def iterator(self, chunk_size=None):
        """The values one by one.

        Args:
            chunk_size (int, optional): accepted for code of Django.

        Example:

            >>> list(ln.ULabel.filter().values_list("name", flat=True).iterator())
            ['pilot']
        """
        return iter(self._fetch())

    def count(self):
        """How many there are (int).

        Example:

            >>> ln.ULabel.filter().values_list("name").count()
            1
        """
        return len(self._fetch()) if self._query.is_distinct else super().count()

    def __eq__(self, other):
        return list(self) == list(other) if isinstance(other, (list, tuple, Values)) else NotImplemented

    __hash__ = None

    _repr_html_ = None  # values are shown as text

    def __repr__(self):
        return f"<QuerySet {list(self._fetch())!r}>"
