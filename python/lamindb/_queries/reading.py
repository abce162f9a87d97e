"""Reading the rows of a result: one by one, a single one, their number."""

from .. import _core
from .._surface import former
from .conditions import asked, conditions, field_name, identified

_ITERATED = 2000  # rows in memory while a result is iterated without being cached


def reversed_order(order):
    """The same fields in the opposite direction."""
    return [name[1:] if name.startswith("-") else name if name == "?" else f"-{name}" for name in order]


class Reads:
    """The reading part of a result."""

    def _fetch(self):
        if self._rows is None:
            self._rows = _core.all(self.db, self._query) if self._source is None else _core.related_many(*self._source)
        return self._rows

    def __iter__(self):
        return iter(self._fetch())

    def iterator(self, chunk_size=None):
        """The rows one by one.

        Args:
            chunk_size (int, optional): so many rows are in memory at a time.

        Example:

            >>> [row.name for row in ln.ULabel.filter().iterator(chunk_size=1000)]
            ['pilot']
        """
        pages = _core.Pages(self.db, self._query, chunk_size or _ITERATED)
        while page := pages.next():
            yield from page

    def __len__(self):
        return len(self._fetch())

    def __bool__(self):
        return bool(self._rows) if self._rows is not None else self.exists()

    def __contains__(self, record):
        return any(record == row for row in self._fetch())

    def contains(self, record):
        """Whether the record is among the rows; queries only for it.

        Args:
            record (SQLRecord): a saved record.

        Example:

            >>> ln.ULabel.filter(name="pilot").contains(label)
            True
        """
        if not isinstance(record, self.model):
            return False
        return self.filter(pk=record.pk).exists() if self._rows is None and not self._query.is_cut else record in self

    def _head(self, query):
        return _core.first(self.db, query)

    def _newest(self, query=None):
        """The newest of the versions found; None if there are none."""
        return _core.newest(self.db, query or self._query)

    def _two(self, query):
        """At most two rows: enough to tell none, one and several apart."""
        return _core.two(self.db, query)

    def _meant(self, query):
        """The row that `get` returns, none, or two if it is ambiguous."""
        return _core.meant(self.db, query)

    def one(self):
        """Exactly one row.

        Raises:
            ObjectDoesNotExist: there is none.
            MultipleObjectsReturned: there are several.

        Example:

            >>> ln.ULabel.filter(name="pilot").one().name
            'pilot'
        """
        rows = self._two(self._query)
        if len(rows) == 1:
            return rows[0]
        if not rows:
            raise self.model.DoesNotExist(f"{self.model.__name__} matching query does not exist.")
        raise self.model.MultipleObjectsReturned(f"one() found more than one {self.model.__name__}: it found {self.count()}")

    def one_or_none(self):
        """One row or None.

        Raises:
            MultipleObjectsReturned: there are several.

        Example:

            >>> ln.ULabel.filter(name="unknown").one_or_none() is None
            True
        """
        rows = self._two(self._query)
        if len(rows) > 1:
            raise self.model.MultipleObjectsReturned(f"one_or_none() found more than one {self.model.__name__}: it found {self.count()}")
        return rows[0] if rows else None

    def get(self, idlike=None, *queries, **expressions):
        """Exactly one row.

        Arguments and errors as in :meth:`Registry.get`.

        Example:

            >>> ln.ULabel.objects.get(name="pilot").name
            'pilot'
        """
        model = self.model
        if "is_run_input" in expressions and hasattr(model, "_note_read"):
            is_run_input = expressions.pop("is_run_input")
            record = self.get(idlike, *queries, **expressions)
            model._note_read(record, is_run_input)
            return record
        idlike, queries = asked(idlike, queries)
        if "path" in expressions and "path" not in model._names:
            return self._at(expressions.pop("path"), idlike, queries, expressions)
        if idlike is not None:
            query = self._query.where(None, identified(idlike))
            rows = self._two(query)
            if not rows:
                raise model.DoesNotExist(
                    f"No record found with uid {idlike!r}. Did you forget a keyword as in "
                    f"{model.__name__}.get({model._name_field}={idlike!r})?"
                )
            if len(rows) > 1 and "versioned" in model._traits:
                rows = [self._newest(query)]
        else:
            query = conditions(model, self._query, queries, expressions)
            rows = self._meant(query)
            if not rows:
                raise model.DoesNotExist(_core.shown(f"{model.__name__} matching query does not exist: there is none where {query}."))
        if len(rows) > 1:
            n = _core.count(self.db, query)
            raise model.MultipleObjectsReturned(f"get() returned more than one {model.__name__} -- it returned {n}!")
        return rows[0]

    def _at(self, path, idlike, queries, expressions):
        """The row whose bytes are at the path."""
        if self.model.__registry__ != "Artifact":
            raise ValueError("querying by path is only possible for artifacts")
        record = _core.artifact_at(self.db, str(path))
        if record is None or idlike is not None or not self.filter(*queries, id=record.id, **expressions).exists():
            raise self.model.DoesNotExist(f"No artifact is at '{path}'.")
        return record

    def first(self):
        """The first row in order (by id if unordered); None if there is none.

        Example:

            >>> bt.CellType.filter().order_by("name").first().name
            'B cell'
        """
        query = self._query if self._query.order else self._query.ordered(["id"])
        return self._head(query)

    def last(self):
        """The last row in order (by id if unordered); None if there is none.

        Example:

            >>> bt.CellType.filter().order_by("name").last().name
            'lymphocyte'
        """
        if self._query.is_cut:
            raise TypeError("Cannot reverse a query once a slice has been taken.")
        return self._head(self._query.ordered(reversed_order(self._query.order or ["id"])))

    def _extreme(self, fields, reverse):
        if not fields:
            raise ValueError("earliest() and latest() require fields as positional arguments")
        order = [self._path(field_name(field)) for field in fields]
        row = self._head(self._query.ordered(reversed_order(order) if reverse else order))
        if row is None:
            raise self.model.DoesNotExist(f"{self.model.__name__} matching query does not exist.")
        return row

    def earliest(self, *fields):
        """The first row by these fields.

        Args:
            *fields (str): fields to sort by.

        Raises:
            ObjectDoesNotExist: there is no row.

        Example:

            >>> bt.CellType.filter().earliest("name").name
            'B cell'
        """
        return self._extreme(fields, False)

    def latest(self, *fields):
        """The last row by these fields.

        Args:
            *fields (str): fields to sort by.

        Raises:
            ObjectDoesNotExist: there is no row.

        Example:

            >>> bt.CellType.filter().latest("name").name
            'lymphocyte'
        """
        return self._extreme(fields, True)

    def count(self):
        """How many rows there are (int).

        Example:

            >>> bt.CellType.filter().count()
            3
        """
        return len(self._rows) if self._rows is not None else _core.count(self.db, self._query)

    def exists(self):
        """Whether there is any row (bool).

        Example:

            >>> bt.CellType.filter(name="T cell").exists()
            True
        """
        return _core.exists(self.db, self._query)

    def to_list(self, field=None):
        """The rows as a list, or the values of one field.

        Args:
            field (str, optional): a field or path.

        Example:

            >>> bt.CellType.filter().order_by("name").to_list("name")
            ['B cell', 'T cell', 'lymphocyte']
        """
        if field is None:
            return list(self._fetch())
        name = field_name(field)
        if self._source is not None and name in self.model._names and "__" not in name:
            return [getattr(row, name) for row in self._fetch()]
        return _core.columns(self.db, self._query, [self._path(name)])[0]

    list = former.Former("list", "to_list")

    def in_bulk(self, id_list=None, *, field_name="pk"):
        """The rows as {id: row}.

        Args:
            id_list (Iterable, optional): only the rows with these ids; otherwise all.
            field_name (str): the unique field that the dict is keyed by.

        Example:

            >>> ln.ULabel.filter().in_bulk([label.id])[label.id].name
            'pilot'
        """
        rows = self if id_list is None else self.filter(**{f"{field_name}__in": list(id_list)})
        return {getattr(row, field_name): row for row in rows}
