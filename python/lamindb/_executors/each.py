"""`each`: what is done, in which batches, and what is said of those that failed."""

from .._datasets.inputs import note_input
from .._process import session as _session
from .._process.settings import parts_of_executor, settings
from ..errors import Unavailable
from .clusters import run_batches, workers_of
from .tasks import Task, work_in_core

_SMALLEST = 1  # artifacts of a batch
_BATCHES_A_WORKER = 4  # so that a slow one does not keep the others waiting


class EachResult(dict):
    """What `each` did: {uid of the artifact: what the work returned}; `batches` (int): parts that were handed out.

    Example:

        >>> result = ln.Artifact.filter(suffix=".parquet").each("verify")
        >>> list(result.values())
        ['sound']
    """

    batches = 0


def each(artifacts, work, executor=None, is_run_input=None, **options):
    """The work on each of these artifacts, as `ArtifactSet.each` says."""
    artifacts = list(artifacts)
    executor = settings.executor if executor is None else executor
    task = Task(work, options, _session.current().settings["slug"], _session.current().stamp["run"])
    if task.in_core and parts_of_executor(executor)[0] == "local":
        uids = [artifact.uid for artifact in artifacts]
        parts = [work_in_core(_session.current(), work, options, uids, workers_of(executor) if executor else 0)] if uids else []
        return _result(artifacts, parts, is_run_input)
    workers = workers_of(executor)
    size = max(_SMALLEST, -(-len(artifacts) // (workers * _BATCHES_A_WORKER)))
    uids = [artifact.uid for artifact in artifacts]
    batches = [uids[i : i + size] for i in range(0, len(uids), size)]
    return _result(artifacts, list(run_batches(executor, task, batches)), is_run_input)


def _result(artifacts, parts, is_run_input):
    """What was done, from [(uid, value, what went wrong)] of each part; raises if anything failed."""
    result, failed = {}, {}
    for uid, value, error in (one for part in parts for one in part):
        (failed if error is not None else result)[uid] = value if error is None else error
    for artifact in artifacts:
        if artifact.uid in result:
            note_input(artifact, is_run_input)
    if failed:
        first = "; ".join(f"{uid}: {error}" for uid, error in list(failed.items())[:3])
        more = "" if len(failed) < 4 else f"; and {len(failed) - 3} more"
        raise Unavailable(f"{len(failed)} of {len(artifacts)} artifacts failed: {first}{more}. The others are done; call it again for these.")
    ordered = EachResult((artifact.uid, result[artifact.uid]) for artifact in artifacts)
    ordered.batches = len(parts)
    return ordered
