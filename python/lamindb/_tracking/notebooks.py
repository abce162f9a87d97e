"""The end of a notebook's run: its file is read once the editor, or whoever executes it, has written it."""

import os
import sys
import time

from .. import _core
from .._process import session as _session
from .._process.logger import logger
from .._process.program import lamin_program
from ..errors import NotebookNotSaved

_SECONDS = 30  # how long an editor has to save


def shortcut():
    """The keys that save a notebook.

    Example::

        shortcut()
    """
    return "CMD + s" if sys.platform == "darwin" else "CTRL + s"


def finish_notebook(run, place, cells, ignore_non_consecutive=None):
    """Saves source, report and order of execution of a notebook.

    Args:
        run (Run): its run.
        place (Place): where it is.
        cells (Cells): when its cells ran.
        ignore_non_consecutive (bool, optional): see `ln.finish`.

    Returns:
        bool: False if its file was not saved yet: the run goes on.
    """
    if not os.path.exists(place.path):
        logger.warning(f"the notebook {place.path} is not on this machine: its source is not saved. `lamin save` there saves it")
        return True
    if place.process is not None:
        _core.save_run_source(run, os.fspath(place.path))
        return _report_later(run, place)
    if place.executed.endswith(".ipynb") and not cells.saved_in(place.executed) and not _wait(place.executed, cells):
        logger.warning(f"please hit {shortcut()} to save the notebook in your editor and re-run finish()")
        return False
    if ignore_non_consecutive is False:
        _refuse_gaps(place.executed)
    _core.save_run_source(run, os.fspath(place.path))
    reported = _core.save_run_report(run, os.fspath(place.executed))
    if place.executed.endswith(".ipynb") and ignore_non_consecutive is None:
        gaps = _core.execution_gaps(os.fspath(place.executed))
        if gaps:
            logger.warning(f"cells {gaps} were not run consecutively")
    if not reported:
        logger.warning(f"there is no report of {place.executed}: export it as ipynb or HTML, and run `lamin save {place.executed}`")
    return True


def _refuse_gaps(path):
    gaps = _core.execution_gaps(os.fspath(path))
    if gaps:
        raise NotebookNotSaved(
            f"cells {gaps} were not run consecutively: restart the kernel and run all cells, or finish with ignore_non_consecutive=True"
        )


def _wait(path, cells):
    """Waits until the file has what ran; the editor can save while this cell runs."""
    print(f"→ please hit {shortcut()} to save the notebook in your editor", end=" ", flush=True)
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        time.sleep(0.3)
        if cells.saved_in(path):
            print("✓", flush=True)
            return True
    print(flush=True)
    return False


def _report_later(run, place):
    """What executes the notebook writes its file afterwards: another process waits for that and saves the report."""
    path = lamin_program()
    if path is None:
        logger.warning(f"to save the notebook html, run: lamin save {place.executed}")
        return True
    words = [path, "report-run", run.uid, "--instance", _session.current().settings["slug"], "--file", os.path.abspath(place.executed),
             "--process", str(place.process), "--since", str(os.stat(place.executed).st_mtime_ns)]  # fmt: skip
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    os.posix_spawn(path, words, os.environ, file_actions=nowhere, setsid=True)
    logger.important(f"the report follows when {place.executed} is written; to save it by hand, run: lamin save {place.executed}")
    return True
