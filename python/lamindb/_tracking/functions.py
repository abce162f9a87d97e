"""Functions as transforms: `@ln.flow()` and `@ln.step()`."""

import functools
import inspect

from .. import _core
from .._process import session as _session
from .._process.logger import logger
from .context import COMPLETED, ERRORED, as_initiator, as_plan, context, params_json, say_params

_ALIASES = ("project", "space", "branch", "plan", "initiated_by_run")  # arguments that are also those of `ln.track`


def decorated(uid, nested, global_run="none", aliases=False):
    """A decorator that makes each call a run, with the bound arguments as parameters."""
    if callable(uid):  # used without parentheses
        return decorated(None, nested, global_run, aliases)(uid)

    def decorate(function):
        signature = inspect.signature(function)

        @functools.wraps(function)
        def call(*args, **kwargs):
            outer = context._run
            if nested and outer is None:
                raise RuntimeError("Please track the global run context before using @ln.step(): ln.track() or @ln.flow()")
            if not nested and outer is not None:
                raise RuntimeError("Please clear the global run context before using @ln.flow(): no `ln.track()` or call `ln.finish()`")
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            params = dict(bound.arguments)
            meant = _aliased(params) if aliases else {}
            session = _session.current()
            transform, said = _transform_of(session, function, uid)
            run = _core.start_run(session, transform, {
                "entrypoint": function.__qualname__, "params": params_json(params),
                "initiated_by": as_initiator(meant.get("initiated_by_run")) if outer is None else outer.id,
            })  # fmt: skip
            if "plan" in meant:
                run.plan = as_plan(meant["plan"])
                run.save()
            logger.important(f"{said} Transform('{transform.uid}', key='{transform.key}'), started new Run('{run.uid}', "
                             f"entrypoint='{function.__qualname__}') at {run.started_at:%Y-%m-%d %H:%M:%S} UTC")  # fmt: skip
            say_params(params)
            context._run, before = run, context._transform
            context._transform = transform
            status = ERRORED
            try:
                result = function(*args, **kwargs)
                status = COMPLETED
                return result
            finally:
                _core.finish_run(run, status, "")
                keep = not nested and global_run == "memorize"
                context._run = run if keep else outer
                context._transform = transform if keep else before
                session.set_stamp("run", context._run.id if context._run is not None else 0)

        return call

    return decorate


def _aliased(params):
    """Arguments of the function that are also those of the run."""
    meant = {name: params[name] for name in _ALIASES if params.get(name) is not None}
    for name in ("project", "space", "branch"):
        if name in meant:
            raise NotImplementedError(
                f"the argument {name!r} of a flow is not yet that of its run in lamindb-native: pass @ln.flow(track_arg_aliases=False)"
            )
    return meant


def _transform_of(session, function, uid):
    """The transform of the file that defines the function, and whether it was created or loaded."""
    key, kind, source = _core.source_of(inspect.getsourcefile(function))
    options = {"key": key, "kind": kind, "source_code": source}
    if uid is not None:
        options["uid"] = uid
    newest = _core.first(session, _core.Query("Transform").on_any_branch().ordered(["-id"]))
    made = _core.make_transform(session, options)
    return made, "created" if newest is None or made.id > newest.id else "loaded"


def flow(uid=None, global_run="clear", track_arg_aliases=True):
    """Tracks each call of a function as a run, with its arguments as parameters. Not for use inside a tracked run.

    Args:
        uid (str, optional): of the transform; otherwise that of the file which defines the function.
        global_run ("clear" | "memorize"): whether the run goes on after the call.
        track_arg_aliases (bool): arguments named `project`, `space`, ... are also those of the run: not implemented yet, a
            function with such an argument raises NotImplementedError unless this is False.

    Raises:
        NotImplementedError: an argument has the name of one of `ln.track`.
        RuntimeError: at a call, if a run is tracked already.

    Example::

        @ln.flow()
        def align(sample: str, threads: int = 4): ...
    """
    return decorated(uid, nested=False, global_run=global_run, aliases=track_arg_aliases)


def step(uid=None):
    """Tracks each call of a function as a run within a tracked run.

    Args:
        uid (str, optional): of the transform; otherwise that of the file which defines the function.

    Raises:
        RuntimeError: at a call, if no run is tracked.

    Example::

        @ln.step()
        def count(sample: str): ...
    """
    return decorated(uid, nested=True)


tracked = flow
