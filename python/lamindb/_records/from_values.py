"""Records that values name."""

from .. import _core
from .._process import session as _session
from .._process.logger import logger
from .._queries import validation
from .saving import SQLRecordList


def from_values(model, values, field=None, create=False, organism=None, source=None, mute=False):
    """Records that the values name; of ontologies, and with `create`, new unsaved ones for the rest."""
    texts, _ = validation.texts_of(values)
    options = validation.options_of(model, field, organism, source)
    records, missing = _core.from_values(_session.current(), model.__registry__, texts, options, create)
    if missing and not mute:
        k = len(missing)
        name = options["field"] + ("" if k == 1 else "s")
        logger.warning(
            f"did not create {model.__name__} {'record' if k == 1 else 'records'} for {k} non-validated {name}: {validation.quoted(missing)}"
        )
    return SQLRecordList(records)
