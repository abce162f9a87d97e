"""`ln.track()` and `ln.finish()`: the running script, its source, parameters, environment and report."""

import os
import sys

from .. import _core
from .._process import instance
from .._process import session as _session
from .._process.classes import class_of
from .._process.logger import logger
from .._process.settings import settings
from .._queries.conditions import Q
from .._records.record import BaseSQLRecord
from ..errors import InvalidArgument, TrackNotCalled

COMPLETED, ERRORED, ABORTED = (_core.codes("Run", "_status_code")[word] for word in ("completed", "errored", "aborted"))


class Tee:
    """A stream that also records what is written."""

    def __init__(self, stream, kept):
        self._stream, self._kept = stream, kept

    def write(self, text):
        self._kept.append(text)
        return self._stream.write(text)

    def __getattr__(self, name):
        return getattr(self._stream, name)


class Watch:
    """While a script is tracked: records its output and how it ends."""

    def __init__(self, context):
        self._context = context
        self._kept = []
        self._streams = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = Tee(sys.stdout, self._kept), Tee(sys.stderr, self._kept)
        self._excepthook = sys.excepthook
        sys.excepthook = self._failed
        self._handlers = {}
        self._watch_signals()

    def _watch_signals(self):
        import signal
        from _thread import get_ident

        main = sys.modules.get("threading")
        if main is not None and main.main_thread().ident != get_ident():
            return
        for number in (signal.SIGTERM,):
            if signal.getsignal(number) is signal.SIG_DFL:
                self._handlers[number] = signal.signal(number, self._aborted)

    def _failed(self, kind, error, trace):
        self._excepthook(kind, error, trace)
        self._context._end(ABORTED if issubclass(kind, KeyboardInterrupt) else ERRORED)

    def _aborted(self, number, frame):
        import signal

        self._context._end(ABORTED)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def stop(self):
        """Stops watching; returns what was written."""
        import signal

        if isinstance(sys.stdout, Tee):
            sys.stdout = self._streams[0]
        if isinstance(sys.stderr, Tee):
            sys.stderr = self._streams[1]
        if sys.excepthook == self._failed:
            sys.excepthook = self._excepthook
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        return _unicode("".join(self._kept))


def _unicode(text):
    """The text without lone surrogates, which stand for bytes that are not text."""
    return text.encode("utf-8", "replace").decode()


def _name_of(value):
    """What is stored of a parameter that is no JSON."""
    return f"{value.__registry__}[{value.uid}]" if isinstance(value, BaseSQLRecord) else str(value)


def environment():
    """Like `pip freeze`: "name==version", one line per distribution that Python would import."""
    # The folders are read here because importing importlib.metadata costs more than everything else in `track`.
    found = {}
    for folder in sys.path:
        try:
            entries = os.listdir(folder or ".")
        except OSError:
            continue
        for entry in entries:
            if entry.endswith((".dist-info", ".egg-info")):
                name, version = _name_and_version(os.path.join(folder or ".", entry))
                if name and version:
                    found.setdefault(name.lower().replace("_", "-"), f"{name}=={version}")
    return "".join(found[name] + "\n" for name in sorted(found))


def _name_and_version(folder):
    """Name and version from a distribution's metadata; (None, None) if there are none."""
    name = version = None
    path = folder if os.path.isfile(folder) else os.path.join(folder, "METADATA")
    if not os.path.exists(path):
        path = os.path.join(folder, "PKG-INFO")
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("Name:"):
                    name = line[5:].strip()
                elif line.startswith("Version:"):
                    version = line[8:].strip()
                if (name and version) or not line.strip():
                    break
    except OSError:
        pass
    return name, version


class Context:
    """The tracked run of this process: `ln.context`.

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
        self._transform = None
        self._tracked = None
        self._project = None
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
        """The project of the tracked run; None without one."""
        return self._project

    @property
    def branch(self):
        """The branch that new records go to."""
        return instance.settings.branch

    @property
    def space(self):
        """The space that new records belong to."""
        return instance.settings.space

    def _track(self, transform=None, *, project=None, space=None, branch=None, plan=None, features=None, params=None,
               expected_param_types=None, new_run=None, pypackages=None, key=None, path=None, source_code=None,
               kind=None, entrypoint=None, initiated_by_run=None, stream_tracking=None):  # fmt: skip
        """Records which source runs, with which parameters, in which environment; see `ln.track`."""
        again = False if new_run is False else None  # True and None are what every call does
        for name, given in (("project", project), ("space", space), ("branch", branch), ("new_run", again),
                            ("expected_param_types", expected_param_types)):  # fmt: skip
            if given is not None:
                raise NotImplementedError(f"track({name}=...) is not implemented in lamindb-native yet")
        session = _session.current()
        if self._run is not None:
            self._leave()
        source_path = path or self._path or (None if source_code is not None or _is_record(transform) else _caller())
        made = self._transform_of(session, transform, source_path, key, source_code, kind)
        options = {"params": params_json(params), "arguments": [_unicode(argument) for argument in sys.argv[1:]], "entrypoint": entrypoint,
                   "initiated_by": as_initiator(initiated_by_run)}  # fmt: skip
        self._transform = made
        self._run = _core.start_run(session, made, options)
        if plan is not None:
            self._run.plan = as_plan(plan)
            self._run.save()
        logger.important(
            f"{made.__dict__.pop('_said', 'loaded')} Transform('{made.uid}', key='{made.key}'), started new "
            f"Run('{self._run.uid}') at {self._run.started_at:%Y-%m-%d %H:%M:%S} UTC"
        )
        say_params(params)
        if pypackages is not False:
            _core.save_environment(self._run, environment())
        if features:
            self._run.features.add_values(features)
        if made.kind == "script" and stream_tracking is not False:
            self._watch = Watch(self)

    def _transform_of(self, session, transform, path, key, source_code, kind):
        if _is_record(transform):
            if not _core.saved(transform):
                transform.save().__dict__["_said"] = "created"
            return transform
        former = settings.transform
        options = {"uid": transform or self.uid or former.stem_uid, "description": self.description,
                   "version_tag": self.version or former.version}  # fmt: skip
        if path is not None:
            found_key, found_kind, found_code = _core.source_of(os.fspath(path))
            key, kind = key or found_key, kind or found_kind
            source_code = found_code if source_code is None else source_code
        options.update(key=key, kind=kind or "script", source_code=source_code)
        if not options["key"]:
            raise InvalidArgument("pass key: what the transform is called")
        newest = _core.first(session, _core.Query("Transform").on_any_branch().ordered(["-id"]))
        made = _core.make_transform(session, {k: v for k, v in options.items() if v is not None})
        if newest is None or made.id > newest.id:
            made.__dict__["_said"] = "created"
        return made

    def _finish(self, ignore_non_consecutive=None):
        """Ends the tracked run and saves its output as the run's report."""
        if self._run is None:
            raise TrackNotCalled("Please run `ln.track()` before `ln.finish()`")
        run = self._run
        self._end(COMPLETED)
        took = run.finished_at - run.started_at
        logger.important(f"finished Run('{run.uid}') after {_span(took)} at {run.finished_at:%Y-%m-%d %H:%M:%S} UTC")

    def _end(self, status):
        run = self._run
        report = self._watch.stop() if self._watch is not None else ""
        self._watch = None
        if run is not None:
            try:
                _core.finish_run(run, status, report)
            finally:
                self._leave()

    def _leave(self):
        if self._watch is not None:
            self._watch.stop()
        self._run = self._transform = self._watch = None
        self.uid = self.version = self.description = None
        if _session.is_connected():
            _session.current().set_stamp("run", 0)


def _span(delta):
    seconds = int(delta.total_seconds())
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes}m {seconds}s" if hours else f"{minutes}m {seconds}s" if minutes else f"{seconds}s"


def _is_record(value):
    return isinstance(value, BaseSQLRecord)


def _caller():
    """The file of the calling script."""
    frame = sys._getframe(1)
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    while frame is not None:
        path = frame.f_globals.get("__file__")
        if path is None:
            if "get_ipython" in frame.f_globals:
                raise NotImplementedError("tracking notebooks is not implemented in lamindb-native yet: pass path or key")
        elif not os.path.abspath(path).startswith(package + os.sep):
            if not os.path.isfile(path):  # read from standard input, or from within an archive
                raise InvalidArgument(f"the running code is in {path!r}, which is no file: pass path=, or key= and source_code=")
            return path
        frame = frame.f_back
    raise NotImplementedError("tracking an interactive session is not implemented in lamindb-native yet: pass path")


def say_params(params):
    """Prints the parameters of a run in one line."""
    if params:
        shown = ", ".join(f"{name}={_core.named(value) if _is_record(value) else repr(value)}" for name, value in params.items())
        logger.important(f"params: {shown if len(shown) <= 500 else shown[:499] + '…'}")


def params_json(params):
    if not params:
        return None
    return _core.document(params, "params", _name_of)


def as_plan(plan):
    """The artifact that a plan is, by record, key or uid."""
    if not isinstance(plan, str):
        return plan
    found = class_of("Artifact").filter(Q(key=plan) | Q(uid__startswith=plan)).order_by("-id").first()
    if found is None:
        raise InvalidArgument(f"no artifact has the key or uid {plan!r}: save the plan first, `lamin save my-task.plan.md`")
    return found


def as_initiator(run):
    """The id of the passed run; without one the core consults the environment."""
    if run is None:
        return None
    if isinstance(run, str):
        found = class_of("Run").filter(uid=run).one_or_none()
        if found is None:
            raise InvalidArgument(f"no run has the uid {run!r}")
        return found.id
    return run.id


context = Context()


def track(transform=None, *, project=None, space=None, branch=None, plan=None, features=None, params=None,
          expected_param_types=None, new_run=None, pypackages=None, key=None, path=None, source_code=None, kind=None,
          entrypoint=None, initiated_by_run=None, stream_tracking=None):  # fmt: skip
    """Tracks the calling script: everything saved after this is the output of its run, everything loaded its input.

    Args:
        transform (str | Transform, optional): its uid or record; otherwise the one of the calling file.
        project (Project, optional): not implemented yet: raises NotImplementedError.
        space (Space, optional): not implemented yet: raises NotImplementedError.
        branch (Branch, optional): not implemented yet: raises NotImplementedError.
        plan (Artifact | str, optional): the plan that the run follows, or its key or uid.
        features (dict, optional): {feature: value} to set on the run.
        params (dict, optional): {name: value}: the parameters of the run.
        expected_param_types (dict, optional): not implemented yet: raises NotImplementedError.
        new_run (bool, optional): every call is a new run; False is not implemented yet.
        pypackages (bool, optional): False does not record the installed packages.
        key (str, optional): of the transform; otherwise the path of the file.
        path (str, optional): the source file, if it is not the caller.
        source_code (str, optional): the source itself.
        kind (str, optional): "script", "notebook", "pipeline" or "function".
        entrypoint (str, optional): what of the source runs.
        initiated_by_run (Run | str, optional): the run that started this one.
        stream_tracking (bool, optional): False does not record what the script prints.

    Raises:
        NotImplementedError: the caller is a notebook or an interactive session; pass `path` or `key`.

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
    """Ends the tracked run: records when it finished and what the script printed.

    Args:
        ignore_non_consecutive (bool, optional): of notebooks, which are not tracked yet; no script has cells.

    Raises:
        TrackNotCalled: no run is tracked.

    Example::

        ln.finish()
    """
    context._finish(ignore_non_consecutive)
