"""Rows that are made, changed and deleted through a result or through `ULabel.objects`."""

from .. import _core
from .._process.logger import logger
from ..errors import ProtectedError


def save_together(records, ignore_conflicts=False):
    """All or none of them, with what is linked to them."""
    for record in records:
        record._before_save()
    if records:
        _core.save_together(_core.session_of(records[0]), records, bool(ignore_conflicts))
    for record in records:
        record._after_save()


class Writes:
    """The writing part of a result."""

    def update(self, **values):
        """Sets fields of all rows; returns how many. Sees to no versions and no labels."""
        self._rows = None
        return _core.update(self.db, self._query, values)

    def delete(self, *args, permanent=None, **kwargs):
        """Moves the rows to the trash; with `permanent=True` deletes them for good."""
        model = self.model
        if not model._has_branch or permanent is True or "versioned" in model._traits:
            total, counts = 0, {}
            waiting, refused = list(self._fetch()), None
            while waiting:
                left = []
                for row in waiting:
                    try:
                        done = row.delete(*args, permanent=permanent if model._has_branch else None, **kwargs)
                    except ProtectedError as error:  # perhaps by a row that goes too
                        left.append(row)
                        refused = error
                        continue
                    if done:
                        total += done[0]
                        for name, n in done[1].items():
                            counts[name] = counts.get(name, 0) + n
                if len(left) == len(waiting):
                    raise refused
                waiting = left
            self._rows = None
            return (total, counts) if total else None
        self.update(branch_id=-1)
        logger.warning("moved records to trash (branch_id = -1)")
        return None

    def create(self, **values):
        """A new row."""
        return self.model(**values).save()

    def bulk_create(self, rows, batch_size=None, ignore_conflicts=False):
        """Many new rows in one transaction."""
        rows = list(rows)
        save_together(rows, ignore_conflicts)
        return rows

    def get_or_create(self, defaults=None, **expressions):
        """(the row that has these values, False), or (a new one that has them and the defaults, True)."""
        row = self.filter(**expressions).one_or_none()
        return (self.create(**expressions, **(defaults or {})), True) if row is None else (row, False)

    def update_or_create(self, defaults=None, **expressions):
        """The same, with the defaults set on a row that is there."""
        row, created = self.get_or_create(defaults, **expressions)
        if not created and defaults:
            for name, value in defaults.items():
                setattr(row, name, value)
            row.save()
        return row, created
