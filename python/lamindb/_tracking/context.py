"""`ln.track()` and `ln.finish()`: the running script or notebook, its source, parameters, environment and report."""

import os
import sys

from .. import _core
from .._process import instance
from .._process import session as _session
from .._process.logger import logger
from .._process.settings import settings
from .._records.record import BaseSQLRecord
from .._surface.lazy import later
from ..errors import TrackNotCalled
from .given import as_initiator, as_plan, as_saved, check_transform
from .params import params_json, say_params
from .where import Cells, Place, papermill_params, running

COMPLETED, ERRORED, ABORTED = (_core.codes("Run", "_status_code")[word] for word in ("completed", "errored", "aborted"))
git_reference = later("lamindb._process.git", "reference")
Watch = later("lamindb._tracking.ending", "Watch")
Capture = later("lamindb._tracking.streams", "Capture")
finish_notebook = later("lamindb._tracking.notebooks", "finish_notebook")
environment = later("lamindb._tracking.environment", "environment")


class Context:
    """The tracked run of this process: `ln.context`.

    Set `uid`, `version` and `description` before `ln.track()` to say of which transform.

    Args:
        uid (str, optional): of the transform.
        path (str, optional): of the source.

    Example:

        >>> ln.context.run is None
        True
    """

    def __init__(self, uid=None, path=None):
        self.uid = uid
        self.version = None
        self.description = None
        self._path = path
        self._place = None
        self._transform = None
        self._tracked = None
        self._scope = {"branch": None, "space": None}
        self._before = {}
        self._cells = None  # of a notebook
        self._given = False  # the transform was passed as a record
        self._capture = None
        self._watch = None

    @property
    def transform(self):
        """The transform of the tracked run; None without one."""
        return self._transform

    @property
    def run(self):
        """The tracked run; None without one."""
        return self._run

    @property
    def _run(self):
        return self._tracked

    @_run.setter
    def _run(self, run):
        """What is saved and read after this belongs to the run."""
        self._tracked = run
        if _session.is_connected():
            _session.current().set_stamp("run", 0 if run is None else run.id)

    @property
    def project(self):
        """The project that what the run makes is labelled with; None if none was passed."""
        return _session.project()

    @property
    def _project(self):
        return _session.project()

    @_project.setter
    def _project(self, project):
        _session.set_project(project)

    @property
    def branch(self):
        """The branch that the run works on; None if none was passed."""
        return self._scope["branch"]

    @property
    def space(self):
        """The space of what the run makes; None if none was passed."""
        return self._scope["space"]

    @property
    def _space(self):
        return self._scope["space"]

    @_space.setter
    def _space(self, space):
        self._set_scope("space", space)

    @property
    def _branch(self):
        return self._scope["branch"]

    @_branch.setter
    def _branch(self, branch):
        self._set_scope("branch", branch)

    def _set_scope(self, what, record):
        """New records go to this branch or space, as long as it is set."""
        session = _session.current()
        if record is None:
            if what in self._before:
                session.set_stamp(what, self._before.pop(what))
        else:
            self._before.setdefault(what, session.stamp[what])
            session.set_stamp(what, record.id)
        self._scope[what] = record

    def _track(self, transform=None, *, project=None, space=None, branch=None, plan=None, features=None, params=None,
               expected_param_types=None, new_run=None, pypackages=None, key=None, path=None, source_code=None,
               kind=None, entrypoint=None, initiated_by_run=None, stream_tracking=None):  # fmt: skip
        """Records which source runs, with which parameters, in which environment; see `ln.track`."""
        session = _session.current()
        if instance.settings.instance.is_read_only_connection:
            logger.warning("skipping track(), connected in read-only mode")
            return
        project = as_saved("Project", project or os.environ.get("LAMIN_CURRENT_PROJECT") or None)
        scope = {"space": as_saved("Space", space), "branch": as_saved("Branch", branch)}
        plan, initiator = as_plan(plan), as_initiator(initiated_by_run)
        check_transform(transform)
        if self._run is not None or self._capture is not None:
            self._left()
            self._leave()
        self._project = project
        for what, record in scope.items():
            if record is not None:
                self._set_scope(what, record)
        place = self._place_of(transform, path, key, source_code, kind)
        made, said = self._transform_of(session, transform, place, key, source_code, kind)
        resume = new_run is False or new_run is None and place is not None and place.versions_on_finish
        options = {"params": params_json(self._params(params, place), expected_param_types), "arguments": arguments(place),
                   "entrypoint": entrypoint, "initiated_by": initiator, "resume": resume}  # fmt: skip
        self._transform, self._place, self._given = made, place, _is_record(transform)
        self._cells = Cells() if place is not None and place.kind == "notebook" else None
        self._run = run = _core.start_run(session, made, options)
        if plan is not None:
            run.plan = plan
            run.save()
        if project is not None:
            made.projects.add(project)
        self._capture_streams(run, session, made, stream_tracking)
        again = run.status == "restarted"
        logger.important(f"{said}, {'re-started' if again else 'started new'} Run('{run.uid}') at {run.started_at:%Y-%m-%d %H:%M:%S} UTC")
        say_params(params)
        self._say_tip(transform, place, made)
        if pypackages is not False:
            save_environment(run)
        if features:
            try:
                run.features.add_values(features)
            except Exception:
                self._end(ERRORED)
                raise

    def _place_of(self, transform, path, key, source_code, kind):
        if _is_record(transform) or source_code is not None:
            return None
        path = path or self._path
        if path is None:
            return running()
        path = os.fspath(path)
        where = running() if _is_notebook(path) and not kind else None
        if where is not None and where.kind == "notebook":
            return Place(path, "notebook", where.runner, process=where.process)
        return Place(path, kind or ("notebook" if _is_notebook(path) else "script"))

    def _transform_of(self, session, transform, place, key, source_code, kind):
        if _is_record(transform):
            if _core.saved(transform):
                return transform, f"loaded Transform('{transform.uid}', key='{transform.key}')"
            transform.save()
            return transform, f"created Transform('{transform.uid}', key='{transform.key}')"
        former = settings.transform
        options = {"uid": transform or self.uid or former.stem_uid, "description": self.description,
                   "version_tag": self.version or former.version, "key": key, "kind": kind, "source_code": source_code}  # fmt: skip
        if place is not None:
            options.update(path=os.fspath(place.path), kind=kind or place.kind, key=key or place.key, interactive=place.versions_on_finish)
            options.update(git_reference(place.path, settings.sync_git_repo))
        return _core.track_transform(session, {name: value for name, value in options.items() if value is not None})

    def _params(self, params, place):
        """Those that papermill was called with, if no others are passed."""
        if params is None and place is not None and place.runner == "papermill":
            return papermill_params(place.executed)
        return params

    def _capture_streams(self, run, session, transform, stream_tracking):
        if stream_tracking is False or stream_tracking is None and transform.kind != "script":
            return
        self._capture = Capture(run, session.settings["slug"])
        self._watch = Watch(self._capture, self._end, self._left)

    def _say_tip(self, transform, place, made):
        if transform is None and self.uid is None and place is not None:
            logger.hint(f'tip: to identify the {place.kind} across renames, pass the uid: ln.track("{made.uid[:-4]}")')

    def _finish(self, ignore_non_consecutive=None):
        """Ends the tracked run and saves its output as the run's report."""
        if self._run is None and instance.settings.instance.is_read_only_connection:
            logger.warning("skipping finish(), connected in read-only mode")
            return
        if self._run is None:
            raise TrackNotCalled("Please run `ln.track()` before `ln.finish()`")
        run, place = self._run, self._place
        if self._given and run.transform.kind in ("script", "notebook"):
            raise ValueError(
                f"Transform type is not allowed to be 'script' or 'notebook', and {run.transform.key!r} is a {run.transform.kind}, "
                "because no file was tracked for it"
            )
        if place is not None and place.kind == "notebook":
            if not finish_notebook(run, place, self._cells, ignore_non_consecutive):
                return
        self._end(COMPLETED)
        took = run.finished_at - run.started_at
        logger.important(f"finished Run('{run.uid}') after {span(took)} at {run.finished_at:%Y-%m-%d %H:%M:%S} UTC")

    def _end(self, status):
        run, log = self._run, self._stop()
        if run is not None:
            try:
                if log is None:
                    _core.finish_run(run, status, "")
                else:
                    _core.finish_run_with_log(run, status, log)
                    os.remove(log)
            finally:
                self._leave()

    def _left(self):
        """The script has ended, or tracks another run, without `ln.finish()`: what it printed is kept, its status stays."""
        run, log = self._run, self._stop()
        if run is not None and log is not None and _session.is_connected():
            _core.finish_run_with_log(run, run._status_code, log)
            os.remove(log)

    def _stop(self):
        """Stops capturing; returns the file with what was printed."""
        watch, capture = self._watch, self._capture
        self._watch = self._capture = None
        if watch is not None:
            watch.stop()
        return None if capture is None else capture.stop()

    def _leave(self):
        self._stop()
        if self._cells is not None:
            self._cells.stop()
            self._cells = None
        self._run = self._transform = self._place = self._project = None
        self.uid = self.version = self.description = None
        if _session.is_connected():
            self._space = self._branch = None


def span(delta):
    """A duration as people say it: "1m 20s".

    Example::

        span(run.finished_at - run.started_at)
    """
    seconds = int(delta.total_seconds())
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes}m {seconds}s" if hours else f"{minutes}m {seconds}s" if minutes else f"{seconds}s"


def _is_record(value):
    return isinstance(value, BaseSQLRecord)


def _is_notebook(path):
    return os.path.splitext(path)[1] in (".ipynb", ".Rmd", ".qmd")


def arguments(place):
    """The arguments that a script was called with; a notebook has none."""
    if place is not None and place.kind == "notebook":
        return []
    return [argument.encode("utf-8", "replace").decode() for argument in sys.argv[1:]]


def save_environment(run):
    """Keeps what is installed as the environment of the run."""
    name, text = environment()
    _core.save_environment(run, text, name)


context = Context()


def track(transform=None, *, project=None, space=None, branch=None, plan=None, features=None, params=None,
          expected_param_types=None, new_run=None, pypackages=None, key=None, path=None, source_code=None, kind=None,
          entrypoint=None, initiated_by_run=None, stream_tracking=None):  # fmt: skip
    """Tracks the running script or notebook: everything saved after this is the output of its run, everything loaded its input.

    It is found again by its uid, its source or its key, also when the file was moved or renamed. A source that has changed
    is a new version. In a notebook the latest run goes on; a script starts a new one.

    Args:
        transform (str | Transform, optional): its uid (12 characters for all versions, 16 for one) or record; otherwise that of the
            running file.
        project (Project | str, optional): what the transform, and all that the run makes, is labelled with; otherwise that of the
            environment variable LAMIN_CURRENT_PROJECT.
        space (Space | str, optional): where what the run makes belongs.
        branch (Branch | str, optional): the branch that the run works on.
        plan (Artifact | str, optional): the plan that the run follows, or its key or uid.
        features (dict, optional): {feature: value} to set on the run.
        params (dict, optional): {name: value}: the parameters of the run.
        expected_param_types (dict, optional): {name: type}: parameters that are something else are left out, with a warning.
        new_run (bool, optional): False goes on with the user's latest run, True starts one.
        pypackages (bool, optional): False does not record what is installed.
        key (str, optional): of the transform; otherwise the path of the file below the development folder, or its name.
        path (str, optional): the source file, where it is not the caller, or nobody tells the kernel of a notebook.
        source_code (str, optional): the source itself.
        kind (str, optional): "script", "notebook", "pipeline" or "function".
        entrypoint (str, optional): what of the source runs.
        initiated_by_run (Run | str, optional): the run that started this one.
        stream_tracking (bool, optional): False does not record what a script prints.

    Raises:
        InvalidArgument: a project, space, branch, plan or run does not exist, or a uid is none.
        UpdateContext: the uid of one version is given, and the source is not that of this version.
        RuntimeError: nobody tells the kernel which notebook it runs: pass path.

    Example::

        ln.track(params={"threads": 4})
        ln.Artifact.from_dataframe(df, key="counts.parquet").save()
        ln.finish()
    """
    context._track(transform, project=project, space=space, branch=branch, plan=plan, features=features, params=params,
                   expected_param_types=expected_param_types, new_run=new_run, pypackages=pypackages, key=key,
                   path=path, source_code=source_code, kind=kind, entrypoint=entrypoint,
                   initiated_by_run=initiated_by_run, stream_tracking=stream_tracking)  # fmt: skip


def finish(ignore_non_consecutive=None):
    """Ends the tracked run: records when it finished, and as its report what the script printed or the executed notebook.

    In a notebook, call it in a cell of its own, and save the notebook: what the other cells showed is read from its file.

    Args:
        ignore_non_consecutive (bool, optional): True says nothing if cells did not run one after the other, False refuses to
            finish then; otherwise it is a warning.

    Raises:
        TrackNotCalled: no run is tracked.
        NotebookNotSaved: the notebook was not saved, or its cells did not run one after the other and False was passed.
        IntegrityError: the database lies in a bucket and was changed by another program meanwhile; nothing is lost, and
            `lamin sync` says what can be done.
        Unavailable: that bucket cannot be reached; nothing is lost, and the next program sends the rows.

    Example::

        ln.finish()
    """
    context._finish(ignore_non_consecutive)
    _session.push()
