"""Records that values name."""

from .. import _core
from .._process import session as _session
from .._process.logger import logger
from .._queries import validation
from .public import organism_asked
from .saving import SQLRecordList

_SHOWN = 20  # values listed in a message


def from_values(model, values, field=None, create=False, organism=None, source=None, mute=False):
    """Records that the values name; for ontologies, and with `create`, new unsaved ones for the rest."""
    texts, _ = validation.texts_of(values, numbers=create)
    options = validation.options_of(model, field, organism, source)
    session = _session.current()
    if "source" in model._names:
        release = None if isinstance(source, str) else source
        with organism_asked():
            records, missing = _core.from_release(session, model.__registry__, texts, options, release, create)
    else:
        records, missing = _core.from_values(session, model.__registry__, texts, options, create)
    if not mute:
        _report(model, options["field"], texts, records, missing)
    return SQLRecordList(records)


def _report(model, field, texts, records, missing):
    """Logs what was found other than by exact value, and what was not found."""
    names = [getattr(record, field) for record in records if _core.saved(record)]
    made = [getattr(record, field) for record in records if not _core.saved(record)]
    by_synonym = [text for text in dict.fromkeys(texts) if text and text not in {*names, *made, *missing}]
    if names and (by_synonym or missing):
        logger.success(f"loaded {_records(model, names)} matching {field}: {validation.quoted(names, _SHOWN)}")
    if by_synonym:
        logger.success(f"loaded {_records(model, by_synonym)} matching synonyms: {validation.quoted(by_synonym, _SHOWN)}")
    if missing:
        name = field if len(missing) == 1 else f"{field}s"
        what = f"{model.__name__} {'record' if len(missing) == 1 else 'records'} for {len(missing)} non-validated {name}"
        hint = "if they are right, pass create=True" if len(missing) > 1 else "if it is right, pass create=True"
        logger.important(f"did not create {what}: {validation.quoted(missing, _SHOWN)}; {hint}")


def _records(model, values):
    return f"{len(values)} {model.__name__} {'record' if len(values) == 1 else 'records'}"
