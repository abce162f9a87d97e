"""Transforms: programs that make data from data."""

import os

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.logger import logger
from lamindb._process.settings import settings
from lamindb._records.lineage import HasLineage, shown
from lamindb._records.record import SQLRecord, placed
from lamindb._records.traits import IsVersioned, TracksRun, version_of
from lamindb._surface.former import renamed
from lamindb._surface.lazy import public
from lamindb.errors import FieldValidationError
from lamindb._surface.lazy import later

refuse_unknown = later("lamindb._records.given", "refuse_unknown")
git_reference, git_state_of = later("lamindb._process.git", "reference", "state_of")

_INIT = (
    "key", "kind", "version", "description", "reference", "reference_type", "source_code", "revises",
    "skip_hash_lookup", "branch", "space",
)  # fmt: skip
_QUIET = ("uid", "version_tag", "branch_id", "space_id")
_OPTIONS = ("uid", "key", "kind", "revises", "description", "reference", "reference_type", "source_code", "skip_hash_lookup")


class Transform(SQLRecord, HasLineage, IsVersioned, TracksRun, registry="Transform"):
    """A script, notebook, pipeline or function, with versions of its source.

    Args:
        uid (str, optional): a uid to take or make: 12 characters for the newest version, 16 for exactly one.
        version (str, optional): a version tag.
        revises (Transform, optional): the version that this one replaces, also under another key.
        skip_hash_lookup (bool): a new version even if the source is known.

    Raises:
        FieldValidationError: a keyword is unknown, or there is no key.

    Example:

        >>> ln.Transform(key="align.py", kind="script").save().key
        'align.py'
    """

    _init_names = _INIT
    _curatable = False
    _aliases = {"version": "version_tag"}

    def __init__(self, *args, **kwargs):
        if args:
            raise ValueError("Only keyword args allowed: Transform(key='name', kind='script')")
        kwargs = renamed(Transform, kwargs, _INIT)
        unknown = {k: v for k, v in kwargs.items() if k not in _INIT and k not in _QUIET}
        refuse_unknown(unknown, _INIT)
        given = {name: value for name, value in kwargs.items() if value is not None}
        if given.get("key") is None and given.get("uid") is None and given.get("revises") is None:
            raise FieldValidationError("['key'] are required.")
        revises = given.pop("revises", None)
        if revises is not None:
            if not isinstance(revises, Transform):
                raise TypeError("`revises` has to be of type `Transform`")
            given.setdefault("key", revises.key)
            given["revises"] = revises.uid
        session = _session.current()
        options = {name: given[name] for name in _OPTIONS if name in given}
        options["version_tag"] = version_of(given)
        draft = _core.prepare_transform(self, session, options | placed(given))
        if not draft.existing:
            self.__dict__["_draft"] = draft
            self._follows(revises)

    def _after_save(self):
        self.__dict__.pop("_draft", None)
        super()._after_save()

    @classmethod
    def from_path(cls, path, key=None, kind=None, version=None, description=None, skip_hash_lookup=False):
        """A transform of a source file; not saved yet.

        Args:
            path (str | PathLike): a script or notebook.
            key (str, optional): otherwise the path below the development folder, or the name of the file.
            kind ("script" | "notebook" | "pipeline" | "function", optional): otherwise by its suffix.
            version (str, optional): a version tag.
            description (str, optional): what it does.
            skip_hash_lookup (bool): a new version even if the source is known.

        Example:

            >>> ln.Transform.from_path("count.py").kind
            'script'
        """
        found_key, found_kind, source, title = _core.source_of(os.fspath(path))
        return cls(key=key or found_key, kind=kind or found_kind, version=version, description=description or title or None,
                   source_code=source, skip_hash_lookup=skip_hash_lookup, **git_reference(path, settings.sync_git_repo))  # fmt: skip

    @classmethod
    def from_git(cls, url, path, key=None, version=None, entrypoint=None, branch=None, description=None, skip_hash_lookup=False):
        """A transform of a file in a git repository; not saved yet. Its source code says where the file is, and at which commit.

        With `version` the same as `branch` it follows the branch instead: it says no commit.

        Args:
            url (str): of the repository.
            path (str): of the file in it.
            key (str, optional): otherwise owner, repository and path.
            version (str, optional): a tag or commit, which is also its version tag.
            entrypoint (str, optional): what of the file runs; several separated by commas.
            branch (str, optional): otherwise the default branch.
            description (str, optional): what it does.
            skip_hash_lookup (bool): a new version even if the source is known.

        Raises:
            ValueError: the repository does not have the version or branch.
            FileNotFoundError: it does not have the file.

        Example::

            ln.Transform.from_git("https://github.com/lab/pipelines", "main.nf", version="v1.2").save()
        """
        from urllib.parse import quote

        url, commit = git_state_of(url, path, version, branch)
        if key is None:
            key = "/".join([*url.rsplit("/", 2)[-2:], path])
            logger.important(f"inferred key '{key}' from url & path")
        source = f"repo: {url}\npath: {path}" + (f"\nentrypoint: {entrypoint}" if entrypoint is not None else "")
        if branch is not None and version == branch:
            source, at = source + f"\nbranch: {branch}", f"tree/{quote(branch, safe='')}"
        else:
            source, at = source + f"\ncommit: {commit}", f"blob/{commit}"
        return cls(key=key, kind="pipeline", version=version, description=description, reference=f"{url}/{at}/{path}", reference_type="url",
                   source_code=source, skip_hash_lookup=skip_hash_lookup)  # fmt: skip

    def view_lineage(self, with_successors=False, distance=5):
        """Shows the transforms whose results it used: as text, in a notebook as a drawing.

        Args:
            with_successors (bool): also the transforms that used its results.
            distance (int): only what is up to n transforms away.

        Example::

            ln.Transform.get(key="report.py").view_lineage()
        """
        shown(self, distance, distance if with_successors else 0)

    @property
    def latest_run(self):
        """The newest run; None if it never ran."""
        return self.runs.order_by("-started_at", "-id").first()


__getattr__, __dir__ = public(__name__, {"TransformTransform": "lamindb.models"})
