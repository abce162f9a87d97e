"""Runs of workflow managers."""

import json
import os

from .. import _core
from .._process import session as _session
from .._process.logger import logger
from ..errors import InvalidArgument


def import_run(trace=None, *, nextflow=None, redun=None, execution=None, save_outputs=False, save_inputs=False, key=None):
    """Imports what a workflow manager ran: the workflow, its tasks, their inputs and outputs.

    The workflow becomes a transform and a run, each process a transform with a run per task. What the workflow published
    becomes artifacts. Importing the same run again changes nothing.

    Args:
        trace (str | PathLike | dict): a trace that our plug-in for Nextflow or Snakemake wrote, or any program; see
            docs/workflows.md.
        nextflow (str | PathLike): in its place a folder in which Nextflow was started with `-with-trace`.
        redun (str | PathLike): in its place redun's database, or the folder of the workflow.
        execution (str): which one, of Nextflow the run's name or session, of redun the id. Defaults to the latest.
        save_outputs (bool): also files that only went from task to task.
        save_inputs (bool): also input files that are no artifacts yet.
        key (str): of the workflow's transform. Defaults to its name or the path of its script.

    Returns:
        Run: that of the workflow; its tasks are `ln.Run.filter(initiated_by_run=run)`.

    Raises:
        InvalidArgument: it is not a trace, or not exactly one source is given.
        NotFound: there is no such file or execution.

    Example::

        ln.integrations.import_run({
            "workflow": {"engine": "make", "id": "build-7", "name": "count", "status": "completed"},
            "tasks": [{"id": "build-7/1", "process": "COUNT", "source": "wc -l", "status": "completed"}],
        })
    """
    given = {kind: value for kind, value in (("trace", trace), ("nextflow", nextflow), ("redun", redun)) if value is not None}
    if len(given) != 1:
        raise InvalidArgument("pass one of trace, nextflow and redun")
    [(kind, source)] = given.items()
    if isinstance(source, dict):
        kind, source = "text", json.dumps(source, indent=1)
    found = _core.import_run(_session.current(), kind, os.fspath(source), execution or "", save_outputs, save_inputs, key or "")
    if found["unknown_inputs"]:
        logger.warning(f"no artifact has the content of {_some(found['unknown_inputs'])}; save them and import again, or pass save_inputs=True")
    if found["lost"]:
        logger.warning(f"not saved as outputs: {_some(found['lost'])}")
    return found["run"]


def _some(files):
    return ", ".join(files[:3]) + (", ..." if len(files) > 3 else "")
