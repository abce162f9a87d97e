"""Creating, changing and deleting rows through a result or `ULabel.objects`."""

from types import FunctionType

from .. import _core
from .._process.session import check_here
from ..errors import InvalidArgument
from .conditions import unknown_field


def save_together(records, ignore_conflicts=False):
    """Saves all or none, with what is linked to them."""
    for record in records:
        check_here(record)
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
        """The row with these values, or a new one.

        Args:
            defaults (dict, optional): further values of a new row.
            **expressions: `field=value`.

        Returns:
            tuple[SQLRecord, bool]: the row, and whether it was created.

        Example:

            >>> ln.ULabel.objects.get_or_create(name="pilot")[1]
            False
        """
        of_pair = {name: expressions.pop(name) for name in ("through_defaults",) if name in expressions}
        row = self.filter(**expressions).one_or_none()
        if row is not None:
            return row, False
        given = {name: value for name, value in expressions.items() if "__" not in name}  # a look-up is not a value
        return self.create(**{**given, **_set_to(defaults), **of_pair}), True

    def update_or_create(self, defaults=None, create_defaults=None, **expressions):
        """The row with these values, changed, or a new one.

        Args:
            defaults (dict, optional): values to set on the row.
            create_defaults (dict, optional): values of a new row instead of `defaults`.
            **expressions: `field=value`.

        Returns:
            tuple[SQLRecord, bool]: the row, and whether it was created.

        Example:

            >>> ln.ULabel.objects.update_or_create(name="pilot", defaults={"description": "the first ten"})[0].description
            'the first ten'
        """
        row, created = self.get_or_create(defaults if create_defaults is None else create_defaults, **expressions)
        if not created and defaults:
            for name, value in _set_to(defaults).items():
                setattr(row, name, value)
            row.save()
        return row, created


class Writes(Makes):
    """The writing part of a result."""

    def update(self, **values):
        """Sets fields of all rows; does not maintain versions or labels.

        Args:
            **values: `field=value`.

        Returns:
            int: how many rows were changed.

        Example:

            >>> ln.ULabel.objects.filter(name="pilot").update(reference="batch 1")
            1
        """
        self._rows = None
        return _core.update(self.db, self._query, values)

    def delete(self, *, permanent=None, storage=None):
        """Moves the rows to the trash, all or none.

        Args:
            permanent (bool, optional): True deletes them for good.
            storage (bool, optional): of artifacts: whether their bytes go too, as in :meth:`Artifact.delete`.

        Example:

            >>> _ = ln.save([ln.ULabel(name="gone 1"), ln.ULabel(name="gone 2")])
            >>> _ = ln.ULabel.filter(name__startswith="gone").delete(permanent=True)
            >>> ln.ULabel.objects.filter(name__startswith="gone").count()
            0
        """
        if permanent is False and not self.model._has_branch:
            raise ValueError(f"A {self.model.__name__} cannot be moved to the trash: pass permanent=True")
        done = _core.remove_rows(self.db, self._query, permanent, storage)
        self._rows = None
        return done

    def create(self, **values):
        """Creates and saves a row.

        Args:
            **values: `field=value`.

        Example:

            >>> new = ln.ULabel.objects.create(name="made at once")
            >>> _ = new.delete(permanent=True)
        """
        return self.model(**values).save()

    def bulk_create(self, rows, batch_size=None, ignore_conflicts=False):
        """Creates many rows in one transaction.

        Args:
            rows (Iterable[SQLRecord]): unsaved records of this registry.
            batch_size (int, optional): accepted for code of Django.
            ignore_conflicts (bool): skip rows that violate a unique rule.

        Example:

            >>> _ = ln.ULabel.objects.bulk_create([ln.ULabel(name="plate 1"), ln.ULabel(name="plate 2")])
            >>> _ = ln.ULabel.filter(name__startswith="plate").delete(permanent=True)
        """
        rows = list(rows)
        save_together(rows, ignore_conflicts)
        return rows

    def bulk_update(self, objs, fields, batch_size=None):
        """Writes only these fields of the rows, in one transaction.

        Args:
            objs (Iterable[SQLRecord]): saved records with new values.
            fields (Iterable[str]): the fields to write.
            batch_size (int, optional): accepted for code of Django.

        Returns:
            int: how many of the rows exist.

        Example:

            >>> label.description = "ten donors"
            >>> ln.ULabel.objects.bulk_update([label], ["description"])
            1
        """
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
