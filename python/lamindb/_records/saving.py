"""Many records at once: `ln.save`, and lists of records."""

from .. import _core
from .._queries.conditions import field_name
from .._surface.lazy import later
from ..errors import InvalidArgument, ObjectDoesNotExist
from .record import BaseSQLRecord

records_to_dataframe = later("lamindb._queries.frames", "records_to_dataframe")


def save(records, ignore_conflicts=False, batch_size=10000, using=None):
    """Saves records of any registries, each registry by bulk statements in one transaction.

    With `ignore_conflicts` rows that break a unique rule are skipped. Files of artifacts are waited for once.
    """
    if isinstance(records, BaseSQLRecord):
        raise ValueError("Please use record.save() if saving a single record.")
    if using is not None:
        raise NotImplementedError("save(using=...) is not implemented in lamindb-native yet")
    records = list(records)
    drafts, fresh, known = [], {}, []
    for record in records:
        if not isinstance(record, BaseSQLRecord):
            raise InvalidArgument(f"only records can be saved, not a {type(record).__name__}")
        held = record.__dict__
        if "_draft" in held or "_plan" in held:
            drafts.append(record)
        elif _core.saved(record):
            known.append(record)
        else:
            fresh.setdefault(record.__registry__, []).append(record)
    for batch in fresh.values():
        for start in range(0, len(batch), batch_size):
            part = batch[start : start + batch_size]
            _core.insert(_core.session_of(part[0]), part, bool(ignore_conflicts))
    if known:
        _core.save_all(_core.session_of(known[0]), known)
    if drafts:
        _save_drafts(drafts)
    for record in records:
        if "_pending" in record.__dict__:
            record._save_pending()


def _save_drafts(records):
    """What has more to it than a row: each class knows how several of its records are saved, artifacts first."""
    by_class = {}
    for record in sorted(records, key=lambda record: record.__registry__ != "Artifact"):
        by_class.setdefault(type(record), []).append(record)
    for cls, several in by_class.items():
        cls._save_several(several)


class SQLRecordList(list):
    """Records that may not be saved yet."""

    def save(self):
        """Saves all of them at once."""
        save([record for record in self if not _core.saved(record) or record.__dict__])
        return self

    def to_list(self, field=None):
        return list(self) if field is None else [getattr(record, field_name(field)) for record in self]

    def to_dataframe(self):
        return records_to_dataframe(self)

    def one(self):
        if len(self) != 1:
            raise (ObjectDoesNotExist if not self else ValueError)(f"one() on a list of {len(self)} records")
        return self[0]
