"""Many records at once: `ln.save`, and lists of records."""

from .. import _core
from .._process import session as _session
from .._queries.conditions import field_name
from .._queries.writing import save_together
from .._surface.former import Former
from .._surface.lazy import later
from ..errors import InvalidArgument, MultipleObjectsReturned, ObjectDoesNotExist
from .record import BaseSQLRecord

records_to_dataframe = later("lamindb._queries.frames", "records_to_dataframe")


def save(records, ignore_conflicts=False, batch_size=10000, using=None):
    """Saves records of any registries with their links and files: all or none.

    Records may refer to each other before they are saved; those of known content become the existing rows.

    Args:
        records (Iterable[SQLRecord]): what to save.
        ignore_conflicts (bool): skip records that violate a unique rule.
        batch_size (int): at least 1. How many rows one statement writes is decided here, so it changes nothing else.
        using (str, optional): slug of the current instance; another one raises NotImplementedError.

    Raises:
        ValueError: one record was passed: use `record.save()`.
        InvalidArgument: something other than a record was passed.

    Example:

        >>> made = [ln.ULabel(name=f"donor {i}") for i in range(3)]
        >>> ln.save(made)
        >>> _ = ln.ULabel.filter(name__startswith="donor").delete(permanent=True)
    """
    if isinstance(records, BaseSQLRecord):
        raise ValueError("Please use record.save() if saving a single record.")
    _session.check_using(using, "save()")
    if not isinstance(batch_size, int) or batch_size < 1:
        raise InvalidArgument(f"batch_size is {batch_size!r} but has to be at least 1")
    records = list(records)
    for record in records:
        if not isinstance(record, BaseSQLRecord):
            raise InvalidArgument(f"only records can be saved, not a {type(record).__name__}")
    save_together(records, ignore_conflicts)


class SQLRecordList(list):
    """Records that may not be saved yet: a list with a few more methods.

    Args:
        iterable (Iterable): the records.

    Example:

        >>> len(bt.CellType.from_values(["T cell", "B cell"], mute=True))
        2
    """

    def save(self):
        """Saves all at once, as `ln.save` does; returns the list.

        Example:

            >>> _ = bt.CellType.from_values(["T cell"], mute=True).save()
        """
        save([record for record in self if not _core.saved(record) or record.__dict__])
        return self

    def to_list(self, field=None):
        """The records as a plain list, or the values of one field.

        Args:
            field (str, optional): a field.

        Example:

            >>> bt.CellType.from_values(["T cell"], mute=True).to_list("name")
            ['T cell']
        """
        return list(self) if field is None else [getattr(record, field_name(field)) for record in self]

    def to_dataframe(self):
        """The records as a pandas DataFrame.

        Example:

            >>> bt.CellType.from_values(["T cell"], mute=True).to_dataframe()["name"].to_list()
            ['T cell']
        """
        return records_to_dataframe(self)

    df = Former("df", "to_dataframe")

    def one(self):
        """The only record.

        Raises:
            ObjectDoesNotExist: there is none.
            MultipleObjectsReturned: there are several.

        Example:

            >>> bt.CellType.from_values(["T cell"], mute=True).one().name
            'T cell'
        """
        if len(self) != 1:
            raise (MultipleObjectsReturned if self else ObjectDoesNotExist)(f"one() on a list of {len(self)} records")
        return self[0]

    def _repr_html_(self):
        title = f"{len(self)} records"
        return _core.records_html(title, self[:20], len(self) > 20)

    # Slices and sums of such lists are again such lists.

    def __getitem__(self, key):
        found = super().__getitem__(key)
        return type(self)(found) if isinstance(key, slice) else found

    def copy(self):
        """A list of the same records.

        Example:

            >>> len(bt.CellType.from_values(["T cell"], mute=True).copy())
            1
        """
        return type(self)(self)

    def __add__(self, other):
        return type(self)([*self, *other])

    def __radd__(self, other):
        return type(self)([*other, *self])

    def __mul__(self, times):
        return type(self)(super().__mul__(times))

    __rmul__ = __mul__
