"""What a worker does with one artifact. Each work may be done twice: a worker that was lost may have done it already."""

import os

from .. import _core
from .._process import session as _session
from .._process.classes import class_of
from .._process.logger import logger
from .._surface.lazy import later, load
from ..errors import InvalidArgument

connect = later("lamindb.setup", "connect")


class Task:
    """The work, its options, and the instance whose artifacts it is about; goes to workers."""

    def __init__(self, work, options, slug, run):
        if not callable(work) and work not in _OPTIONS:
            raise InvalidArgument(f"work is {work!r} but has to be a function, or one of: {', '.join(_OPTIONS)}")
        if not callable(work):
            _check_options(work, options)
        self.work, self.options, self.slug, self.run = work, options, slug, run

    @property
    def in_core(self):
        """Whether the core does it."""
        return not callable(self.work) and self.work not in WORKS

    def __call__(self, uids):
        """[(uid, what the work returned, None or what went wrong)] of a batch of artifacts."""
        session = _connected(self.slug)
        if self.in_core:
            return work_in_core(session, self.work, self.options, uids, 1)
        done = []
        scope = session.scope.set((self.run, 0, 0)) if self.run else None
        try:
            for uid in uids:
                try:
                    artifact = class_of("Artifact").get(uid=uid)
                    work = self.work if callable(self.work) else WORKS[self.work]
                    done.append((uid, work(artifact, **self.options), None))
                except Exception as error:  # the others go on
                    done.append((uid, None, f"{type(error).__name__}: {error}"))
        finally:
            if scope is not None:
                session.scope.reset(scope)
        return done


def _connected(slug):
    """The instance, opened once per process of a worker, by its name there."""
    if not _session.is_connected() or _session.current().settings["slug"] != slug:
        with logger._quietly():
            connect(slug)
    return _session.current()


def curate(artifact, schema):
    """Validates the content with a schema and annotates the artifact; its uid, or ValidationError."""
    found = class_of("Schema").get(name=schema) if isinstance(schema, str) else schema
    curators = load("lamindb.curators")
    kind = {"AnnData": "AnnDataCurator", "MuData": "MuDataCurator", "SpatialData": "SpatialDataCurator"}
    return getattr(curators, kind.get(artifact.otype, "DataFrameCurator"))(artifact, found).save_artifact().uid


def convert(artifact, to):
    """The content as another artifact in another format, under the key with this suffix; its uid."""
    if artifact.key is None:
        raise InvalidArgument("an artifact without a key cannot be converted: what it becomes would have no name")
    data = artifact.load(is_run_input=False)
    Artifact = type(artifact)
    key = artifact.key.removesuffix(artifact.suffix) + to
    if hasattr(data, "obs") and hasattr(data, "var"):
        made = Artifact.from_anndata(data, key=key)
    elif hasattr(data, "columns"):
        made = Artifact.from_dataframe(data, key=key)
    else:
        raise InvalidArgument(f"{artifact.suffix} files cannot be converted: only tables and AnnData can")
    return made.save().uid


WORKS = {"curate": curate, "convert": convert}
_OPTIONS = {  # {work: what it needs, what it takes besides}
    "cache": ((), ()), "verify": ((), ()), "copy": (("to",), ()), "index": (("to",), ("table",)), "curate": (("schema",), ()), "convert": (("to",), ())
}  # fmt: skip


def work_in_core(session, work, options, uids, threads):
    """The same as a call of a task, by the core: on so many threads, 0 for one per core."""
    given = {name: os.fspath(value) for name, value in options.items()}
    return [(uid, value or None, error or None) for uid, value, error in _core.each(session, uids, work, given, threads)]


def _check_options(work, options):
    needed, taken = _OPTIONS[work]
    missing, unknown = [name for name in needed if name not in options], [name for name in options if name not in (*needed, *taken)]
    if missing:
        raise InvalidArgument(f"each({work!r}) needs {missing[0]}=")
    if unknown:
        raise InvalidArgument(f"each({work!r}) does not take {unknown[0]}={options[unknown[0]]!r}")
