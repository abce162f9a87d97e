"""Functions as transforms: `@ln.flow()` and `@ln.step()`."""

import functools
import inspect

from .. import _core
from .._process import session as _session
from .context import COMPLETED, ERRORED, context, params_json


def decorated(uid, nested, global_run="none"):
    """A decorator that makes each call a run, with the bound arguments as parameters."""
    if callable(uid):  # used without parentheses
        return decorated(None, nested, global_run)(uid)

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
            session = _session.current()
            transform = _transform_of(session, function, uid)
            run = _core.start_run(session, transform, {
                "entrypoint": function.__qualname__, "params": params_json(dict(bound.arguments)),
                "initiated_by": None if outer is None else outer.id,
            })  # fmt: skip
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


def _transform_of(session, function, uid):
    """The transform of the file that defines the function."""
    path = inspect.getsourcefile(function)
    key, _, source = _core.source_of(path)
    options = {"key": key, "kind": "function", "source_code": source}
    if uid is not None:
        options["uid"] = uid
    return _core.make_transform(session, options)


def flow(uid=None, global_run="clear", track_arg_aliases=True):
    """Tracks each call of a function as a run, with its arguments as parameters. Not for use inside a tracked run.

    Args:
        uid (str, optional): of the transform; otherwise that of the file which defines the function.
        global_run ("clear" | "memorize"): whether the run goes on after the call.
        track_arg_aliases (bool): accepted for code of LaminDB.

    Raises:
        RuntimeError: at a call, if a run is tracked already.

    Example::

        @ln.flow()
        def align(sample: str, threads: int = 4): ...
    """
    return decorated(uid, nested=False, global_run=global_run)


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
