"""What is passed to `ln.track()`, as records: by record, name, key or uid."""

from .. import _core
from .._process.classes import class_of
from .._records.record import BaseSQLRecord
from .._surface.lazy import later
from ..errors import InvalidArgument

Q = later("lamindb._queries.conditions", "Q")


class _Unsaved(InvalidArgument, AssertionError):
    """A record that is passed to `track()` is not saved; LaminDB asserts that it is."""


def _saved(record, what):
    if not _core.saved(record):
        raise _Unsaved(f"{what} must be saved before passing it to track()")
    return record


def check_transform(transform):
    """Raises ValueError for the record of a script or notebook: which one runs is found out."""
    if isinstance(transform, BaseSQLRecord) and transform.kind in ("notebook", "script"):
        raise ValueError(
            "Use `ln.track()` without passing transform in a notebook or script - metadata is automatically parsed"
        )


_WANTED = {
    "Project": "either create it with `ln.Project(name='...').save()` or fix typos.",
    "Space": "please check on the hub UI whether you have the correct `uid` or `name`.",
    "Branch": "please check on the hub UI whether you have the correct `uid` or `name`.",
}


def as_saved(registry, given):
    """The saved record that is passed, or has this name or uid; None for None."""
    if given is None:
        return None
    if isinstance(given, BaseSQLRecord):
        return _saved(given, registry)
    found = class_of(registry).filter(Q(name=given) | Q(uid=given)).one_or_none()
    if found is None:
        raise InvalidArgument(f"{registry} '{given}'{' not found' if registry == 'Project' else ''}, {_WANTED[registry]}")
    return found


def as_plan(plan):
    """The artifact that a plan is, by record, key or uid."""
    if plan is None:
        return None
    if not isinstance(plan, str):
        return _saved(plan, "Plan artifact")
    found = class_of("Artifact").filter(Q(key=plan) | Q(uid__startswith=plan)).order_by("-id").first()
    if found is None:
        raise InvalidArgument(f"Plan artifact '{plan}' not found: no artifact has this key or uid. Save it first, `lamin save my-task.plan.md`")
    return found


def as_initiator(run):
    """The id of the passed run; without one the core consults the environment."""
    if run is None:
        return None
    if isinstance(run, str):
        found = class_of("Run").filter(uid=run).one_or_none()
        if found is None:
            raise InvalidArgument(f"Run '{run}' not found, please pass a valid run uid.")
        return found.id
    return run.id
