"""Functions as transforms: `@ln.flow()` and `@ln.step()`.

A call's run is that of the context in which the function runs: of its thread, or of its coroutine. So calls may run in
parallel, and one inside another. A flow also sets the run of the process (`ln.context.run`), unless it is told not to.
"""

import functools
import inspect
import os
from contextvars import ContextVar

from .. import _core
from .._process import session as _session
from .._process.logger import logger
from .._process.settings import settings
from .context import ABORTED, COMPLETED, ERRORED, Capture, context, git_reference, save_environment
from .given import as_initiator, as_plan, as_saved
from .params import params_json, say_params
from .where import module_key, running

_ALIASES = ("project", "space", "branch", "plan", "initiated_by_run")  # arguments that are also those of `ln.track`
_current = ContextVar("lamindb_run", default=None)  # the run of the innermost call


def current_run():
    """The run of the innermost tracked function that runs here; otherwise that of `ln.track()`; None without one."""
    run = _current.get()
    return context._run if run is None else run


def decorated(uid, nested, global_run="none", aliases=False):
    """A decorator that makes each call a run, with the bound arguments as parameters."""
    if callable(uid):  # used without parentheses
        return decorated(None, nested, global_run, aliases)(uid)

    def decorate(function):
        target = _Target(function, uid, nested, global_run, aliases)
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def call(*args, **kwargs):
                with _Call(target, args, kwargs):
                    return await function(*args, **kwargs)

        else:

            @functools.wraps(function)
            def call(*args, **kwargs):
                with _Call(target, args, kwargs):
                    return function(*args, **kwargs)

        return call

    return decorate


class _Target:
    """A decorated function."""

    def __init__(self, function, uid, nested, global_run, aliases):
        if global_run not in ("memorize", "clear", "none"):
            raise ValueError(f"global_run is 'memorize', 'clear' or 'none', not {global_run!r}")
        self.function, self.uid, self.nested, self.global_run, self.aliases = function, uid, nested, global_run, aliases
        self.signature = inspect.signature(function)

    def types(self):
        """{name: type} of the annotated parameters; a text that is no name stays one."""
        names = dict(self.function.__globals__)
        closure = self.function.__closure__ or ()
        names.update(_closed_over(self.function.__code__.co_freevars, closure))
        return {n: _type_of(p.annotation, names) for n, p in self.signature.parameters.items() if p.annotation is not p.empty}

    def transform(self, session, initiator):
        """The transform of the file that defines the function, and what was done; of a notebook's cell the function itself."""
        function = self.function
        path = inspect.getsourcefile(function)
        options = {"uid": self.uid}
        if path is not None and os.path.isfile(path) and not _of_kernel(path):
            options.update(path=path, kind="script", key=module_key(function.__module__), **git_reference(path, settings.sync_git_repo))
        else:
            options.update(source_code=inspect.getsource(function), kind="function", key=_key_of_cell(function, initiator))
        return _core.track_transform(session, {name: value for name, value in options.items() if value is not None})


def _closed_over(names, cells):
    found = {}
    for name, cell in zip(names, cells):
        try:
            found[name] = cell.cell_contents
        except ValueError:
            pass  # not set yet
    return found


def _type_of(annotation, names):
    if not isinstance(annotation, str):
        return annotation
    import collections.abc
    import typing

    known = {**vars(typing), **{n: getattr(collections.abc, n) for n in ("Iterable", "Sequence", "Mapping")}, **names}
    try:
        return eval(annotation, known)
    except Exception:
        return annotation


def _of_kernel(path):
    return f"{os.sep}ipykernel_" in path or path.startswith("<")


def _key_of_cell(function, initiator):
    if initiator is not None:
        return initiator.transform.key
    try:
        return _core.source_of(running().path)[0]
    except Exception:
        return f"{function.__qualname__}.py"


class _Call:
    """One call: its run begins and ends with the block."""

    def __init__(self, target, args, kwargs):
        self._target, self._arguments = target, (args, kwargs)
        self._capture = None

    def __enter__(self):
        target, outer = self._target, context._run
        if target.nested and outer is None and _current.get() is None:
            raise RuntimeError("Please track the global run context before using @ln.step(): ln.track() or @ln.flow()")
        if not target.nested and outer is not None:
            raise RuntimeError(
                "Please use @ln.step() or clear the global run context before using @ln.flow(): no `ln.track()` or "
                "`@ln.flow(global_run='clear')`"
            )
        bound = target.signature.bind(*self._arguments[0], **self._arguments[1])
        bound.apply_defaults()
        self._params = dict(bound.arguments)
        meant = {n: self._params[n] for n in _ALIASES if self._params.get(n) is not None} if target.aliases else {}
        self._project = as_saved("Project", meant.get("project"))
        self._space, self._branch = as_saved("Space", meant.get("space")), as_saved("Branch", meant.get("branch"))
        self._begin(as_plan(meant.get("plan")), meant.get("initiated_by_run"))

    def _begin(self, plan, initiator):
        target, session, before = self._target, _session.current(), current_run()
        self._former = context._transform, context.space, context._project
        if self._space is not None and target.global_run != "none":
            context._space = self._space
        self._scope_token = session.scope.set((0, _id(self._branch), _id(self._space)))
        try:
            transform, said = target.transform(session, before)
            self._run = run = _core.start_run(session, transform, {
                "entrypoint": target.function.__qualname__, "params": params_json(self._params, target.types()), "tracked": False,
                "initiated_by": as_initiator(initiator) if initiator is not None else _id(before) or None,
            })  # fmt: skip
        except BaseException:
            session.scope.reset(self._scope_token)
            if self._space is not None and target.global_run != "none":
                context._space = self._former[1]
            raise
        session.scope.set((run.id, _id(self._branch), _id(self._space)))
        self._session, self._run_token = session, _current.set(run)
        if plan is not None:
            run.plan = plan
            run.save()
        if self._project is not None:
            transform.projects.add(self._project)
        if target.global_run != "none":
            context._run, context._transform, context._project = run, transform, self._project or context._project
        if not target.nested:
            self._capture = Capture(run, session.settings["slug"])
        logger.important(f"{said}, started new Run('{run.uid}', entrypoint='{target.function.__qualname__}') at "
                         f"{run.started_at:%Y-%m-%d %H:%M:%S} UTC")  # fmt: skip
        say_params(self._params)
        save_environment(run)

    def __exit__(self, kind, error, trace):
        status = COMPLETED if kind is None else ERRORED if issubclass(kind, Exception) else ABORTED
        log = None
        if self._capture is not None:
            if kind is not None:
                import traceback

                self._capture.write("".join(traceback.format_exception(kind, error, trace)))
            log = self._capture.stop()
        try:
            if log is None:
                _core.finish_run(self._run, status, "")
            else:
                _core.finish_run_with_log(self._run, status, log)
                os.remove(log)
        finally:
            self._leave(kind is not None)

    def _leave(self, failed):
        _current.reset(self._run_token)
        self._session.scope.reset(self._scope_token)
        if self._target.global_run == "none" or self._target.global_run == "memorize" and not failed:
            return
        transform, space, project = self._former
        if context._run is self._run:
            context._run, context._transform, context._project = None, transform, project
        if self._space is not None:
            context._space = space


def _id(record):
    return 0 if record is None else record.id


def flow(uid=None, global_run="clear", track_arg_aliases=True):
    """Tracks each call of a function as a run, with its arguments as parameters and what it prints as report. Not for use inside a
    tracked run. Arguments that are not what their annotation says are left out, with a warning. `async` functions work, too.

    Args:
        uid (str, optional): of the transform; otherwise that of the file which defines the function.
        global_run ("clear" | "memorize" | "none"): "clear" makes the run that of the process (`ln.context.run`) while the function runs,
            "memorize" also after it; "none" does not, for calls in parallel.
        track_arg_aliases (bool): arguments named `project`, `space`, `branch`, `plan` and `initiated_by_run` are also those of
            `ln.track`.

    Raises:
        RuntimeError: at a call, if a run is tracked already.

    Example::

        @ln.flow()
        def align(sample: str, threads: int = 4): ...
    """
    return decorated(uid, nested=False, global_run=global_run, aliases=track_arg_aliases)


def step(uid=None):
    """Tracks each call of a function as a run within a tracked run, whose run it names as the one that started it.

    Args:
        uid (str, optional): of the transform; otherwise that of the file which defines the function.

    Raises:
        RuntimeError: at a call, if no run is tracked.

    Example::

        @ln.step()
        def count(sample: str): ...
    """
    return decorated(uid, nested=True)


tracked = step
