"""Many records at once: `ln.save`, and lists of records."""

from .. import _core
from .._queries.conditions import field_name
from .._queries.writing import save_together
from .._surface.former import Former
from .._surface.lazy import later
from ..errors import InvalidArgument, MultipleObjectsReturned, ObjectDoesNotExist
from .record import BaseSQLRecord

records_to_dataframe = later("lamindb._queries.frames", "records_to_dataframe")


def save(records, ignore_conflicts=False, batch_size=10000, using=None):
    """Saves records of any registries with their links and files: all or none.

    Records may refer to each other before they are saved. With `ignore_conflicts`, records that violate a unique rule
    are skipped; without it they become the existing rows.
    """
    if isinstance(records, BaseSQLRecord):
        raise ValueError("Please use record.save() if saving a single record.")
    if using is not None:
        raise NotImplementedError("save(using=...) is not implemented in lamindb-native yet")
    records = list(records)
    for record in records:
        if not isinstance(record, BaseSQLRecord):
            raise InvalidArgument(f"only records can be saved, not a {type(record).__name__}")
    save_together(records, ignore_conflicts)


class SQLRecordList(list):
    """Records that may not be saved yet."""

    def save(self):
        """Saves all at once."""
        save([record for record in self if not _core.saved(record) or record.__dict__])
        return self

    def to_list(self, field=None):
        return list(self) if field is None else [getattr(record, field_name(field)) for record in self]

    def to_dataframe(self):
        return records_to_dataframe(self)

    df = Former("df", "to_dataframe")

    def one(self):
        """The only record."""
        if len(self) != 1:
            raise (MultipleObjectsReturned if self else ObjectDoesNotExist)(f"one() on a list of {len(self)} records")
        return self[0]

    # Slices and sums of such lists are again such lists.

    def __getitem__(self, key):
        found = super().__getitem__(key)
        return type(self)(found) if isinstance(key, slice) else found

    def copy(self):
        return type(self)(self)

    def __add__(self, other):
        return type(self)([*self, *other])

    def __radd__(self, other):
        return type(self)([*other, *self])

    def __mul__(self, times):
        return type(self)(super().__mul__(times))

    __rmul__ = __mul__
