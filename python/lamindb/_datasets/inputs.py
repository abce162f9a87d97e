"""Which run reads a dataset: the tracked one, or one that is named."""

from .. import _core
from .._process.logger import logger
from .._process.settings import settings
from .._records.record import SQLRecord, id_of


def note_input(record, is_run_input):
    """Notes a dataset as an input of the tracked run, or of the run that `is_run_input` is."""
    if is_run_input is False or (is_run_input is None and not settings.track_run_inputs) or not _core.saved(record):
        return
    if getattr(record, "kind", None) == "__lamindb_run__":  # a report or environment, which is no data
        return
    session = _core.session_of(record)
    tracked = session.stamp["run"]
    run = id_of(is_run_input, "Run") if isinstance(is_run_input, SQLRecord) else tracked
    if not run:
        logger.warning("run input wasn't tracked, call `ln.track()` and re-run")
        return
    scope = session.scope.set((run, 0, 0))
    try:
        _core.track_input(record)
    finally:
        session.scope.reset(scope)
