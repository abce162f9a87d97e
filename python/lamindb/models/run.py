"""Runs: executions of transforms."""

import json

from lamindb import _core
from lamindb._process.classes import class_of
from lamindb._queries.conditions import Q
from lamindb._records.lineage import HasLineage
from lamindb._records.record import SQLRecord
from lamindb._records.status import status_code, status_keyword
from lamindb._records.traits import TracksUpdates
from lamindb._surface.lazy import later, public
from lamindb.base.types import RUN_CODE_TO_STATUS, RUN_STATUS_TO_CODE

FeatureManager = later("lamindb._datasets.features", "FeatureManager")


class Run(SQLRecord, HasLineage, TracksUpdates, registry="Run"):
    """One execution of a transform.

    Args:
        transform (Transform): a saved transform.
        status (str, optional): scheduled, restarted, started, completed, errored or aborted.

    Raises:
        TypeError: there is no transform.
        ValueError: the transform is not saved, or the status is unknown.

    Example:

        >>> transform = ln.Transform(key="align.py", kind="script").save()
        >>> run = ln.Run(transform, params={"threads": 4}).save()
        >>> run.params
        {'threads': 4}
    """

    _init_names = (
        "transform", "name", "description", "entrypoint", "params", "status", "initiated_by_run", "reference",
        "reference_type", "plan", "branch", "space", "report",
    )  # fmt: skip
    _aliases = {"status": status_keyword(RUN_STATUS_TO_CODE, "Run")}

    def __init__(self, *args, **kwargs):
        if len(args) > 1:
            raise ValueError("Only one non-keyword arg allowed: transform")
        if args:
            kwargs = {"transform": args[0], **kwargs}
        transform = kwargs.get("transform")
        if transform is None:
            raise TypeError("Pass transform parameter")
        if not isinstance(transform, SQLRecord):
            raise TypeError(f"transform must be a Transform, not a {type(transform).__name__}")
        if not _core.saved(transform):
            raise ValueError("Please save transform record before creating a run")
        status = kwargs.pop("status", None)
        if status not in (None, "scheduled", "started"):
            raise ValueError(f"status must be 'scheduled' or 'started', but you passed: {status!r}.")
        super().__init__(**kwargs)
        if status is not None:
            self._status_code = status_code(RUN_STATUS_TO_CODE, status, "Run")

    @property
    def status(self):
        """scheduled, restarted, started, completed, errored or aborted (str)."""
        return RUN_CODE_TO_STATUS.get(self._status_code, "unknown")

    @property
    def features(self):
        """Feature values of this run, a FeatureManager."""
        return FeatureManager(self)

    def diff(self, other):
        """In what another run differs from this one: code, parameters, environment, inputs, outputs.

        Args:
            other (Run): the later one.

        Returns:
            dict: "fields" and "params" (lists of name, before, after), "code" and "environment" (unified diffs), "inputs" and
            "outputs" ("only_before", "only_after"). What is the same in both is left out.

        Example:

            >>> transform = ln.Transform(key="align.py", kind="script").save()
            >>> first = ln.Run(transform, params={"threads": 4}).save()
            >>> second = ln.Run(transform, params={"threads": 8}).save()
            >>> first.diff(second)["params"]
            [{'name': 'threads', 'before': 4, 'after': 8}]
        """
        return json.loads(_core.diff_runs(self, other)[0])

    def query_output_artifacts(self, include_recreated=True):
        """The artifacts that it created (a query set).

        Args:
            include_recreated (bool): also those that existed before and were made again.

        Example:

            >>> transform = ln.Transform(key="align.py", kind="script").save()
            >>> ln.Run(transform).save().query_output_artifacts().count()
            0
        """
        artifact = class_of("Artifact")
        if not include_recreated:
            return artifact.filter(run=self)
        return artifact.filter(Q(run=self) | Q(recreating_runs=self)).distinct()


__getattr__, __dir__ = public(__name__, dict.fromkeys(("TracksRun", "User"), "lamindb.models"))
