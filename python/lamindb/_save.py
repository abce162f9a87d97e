"""`ln.save`: many records at once."""

from . import _core
from .errors import InvalidArgument


def save(records, ignore_conflicts=False, batch_size=10000, using=None):
    """Saves records of any registries, each registry by bulk statements in one transaction.

    With `ignore_conflicts` rows that break a unique rule are skipped. Files of artifacts are waited for once.
    """
    from ._record import BaseSQLRecord

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
    """Plain artifacts go in one commit; what has more to it (collections, schemas, transforms) one by one."""
    artifacts = [record for record in records if record.__registry__ == "Artifact"]
    if artifacts:
        from .models.artifact import save_many

        save_many(artifacts)
    for record in records:
        if record.__registry__ != "Artifact":
            record.save()
