"""Creating, changing and deleting rows through a result or `ULabel.objects`."""

from types import FunctionType

from .. import _core
from ..errors import InvalidArgument
from .conditions import unknown_field


def save_together(records, ignore_conflicts=False):
    """Saves all or none, with what is linked to them."""
    for record in records:
        record._before_save()
    if records:
        _core.save_together(_core.session_of(records[0]), records, bool(ignore_conflicts))
    for record in records:
        record._after_save()


def _columns(model, fields):
    """The attributes that hold the values of these fields; for references, their ids."""
    if not fields:
        raise InvalidArgument("bulk_update() needs the names of fields")
    known = {column["name"]: column["column"] for column in model._description["columns"] if column["name"] != "id"}
    for name in fields:
        if name not in model._names:
            raise unknown_field(model, name)
        if name not in known:
            raise InvalidArgument(f"bulk_update() writes fields, not {name!r}")
    return [known[name] for name in fields]


def _set_to(values):
    """The values to set: a default may be a function that returns the value."""
    return {name: value() if isinstance(value, FunctionType) else value for name, value in (values or {}).items()}


class Makes:
    """A mixin that creates missing rows, using `filter` and `create` of the class."""

    def get_or_create(self, defaults=None, **expressions):
        """(the row with these values, False), or (a new one with them and the defaults, True)."""
        of_pair = {name: expressions.pop(name) for name in ("through_defaults",) if name in expressions}
        row = self.filter(**expressions).one_or_none()
        if row is not None:
            return row, False
        given = {name: value for name, value in expressions.items() if "__" not in name}  # a look-up is not a value
        return self.create(**{**given, **_set_to(defaults), **of_pair}), True

    def update_or_create(self, defaults=None, create_defaults=None, **expressions):
        """The same, but sets the defaults on an existing row; `create_defaults` are for a new one instead."""
        row, created = self.get_or_create(defaults if create_defaults is None else create_defaults, **expressions)
        if not created and defaults:
            for name, value in _set_to(defaults).items():
                setattr(row, name, value)
            row.save()
        return row, created


class Writes(Makes):
    """The writing part of a result."""

    def update(self, **values):
        """Sets fields of all rows; returns their number. Does not maintain versions or labels."""
        self._rows = None
        return _core.update(self.db, self._query, values)

    def delete(self, *, permanent=None, storage=None):
        """Moves the rows to the trash, all or none; `permanent=True` deletes them permanently; `storage` as for one artifact."""
        if permanent is False and not self.model._has_branch:
            raise ValueError(f"A {self.model.__name__} cannot be moved to the trash: pass permanent=True")
        done = _core.remove_rows(self.db, self._query, permanent, storage)
        self._rows = None
        return done

    def create(self, **values):
        """Creates a row."""
        return self.model(**values).save()

    def bulk_create(self, rows, batch_size=None, ignore_conflicts=False):
        """Creates many rows in one transaction."""
        rows = list(rows)
        save_together(rows, ignore_conflicts)
        return rows

    def bulk_update(self, objs, fields, batch_size=None):
        """Writes only these fields of the rows, in one transaction; returns the number of existing rows."""
        if batch_size is not None and batch_size <= 0:
            raise ValueError(f"batch_size is {batch_size} but has to be positive")
        columns = _columns(self.model, fields)
        given = {row.id: row for row in objs}
        if None in given:
            raise InvalidArgument("bulk_update() takes rows that are saved")
        rows = self.filter(id__in=list(given)).to_list()  # as currently stored, ignoring other changes in the given ones
        for row in rows:
            for name in columns:
                setattr(row, name, getattr(given[row.id], name))
        save_together(rows)
        return len(rows)
