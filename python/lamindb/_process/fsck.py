"""`ln.fsck()`: checks the rows and bytes of the connected instance."""

import os

from .. import _core
from . import session as _session


class Finding:
    """What a check found at one place."""

    __slots__ = ("kind", "uid", "key", "place", "what", "done", "size", "remains")

    def __init__(self, values):
        for name in self.__slots__:
            setattr(self, name, values[name])

    def __repr__(self):
        named = "".join(f", {name}={value!r}" for name in ("uid", "key") if (value := getattr(self, name)) is not None)
        done = f" -> {self.done}" if self.done else ""
        return f"Finding({self.kind!r}{named}: {self.place}: {self.what}{done})"


class FsckReport:
    """What a check found and repaired.

    `artifacts` and `bytes` are how much was checked, `found` how many things are wrong, `repaired` how many of them are no
    longer, `findings` says which.

    Args:
        counts (dict): internal; `ln.fsck` makes it.
        findings (list): internal.

    Example:

        >>> ln.fsck().clean
        True
    """

    def __init__(self, counts, findings):
        self.artifacts, self.bytes, self.found = counts["artifacts"], counts["bytes"], counts["found"]
        self.repaired, self.information = counts["repaired"], counts["information"]
        self.findings = findings

    @property
    def clean(self):
        """Nothing was wrong, or everything was repaired (bool)."""
        return self.found == self.repaired

    def __repr__(self):
        lines = [f"FsckReport(artifacts={self.artifacts}, found={self.found}, repaired={self.repaired}, clean={self.clean})"]
        return "\n".join(lines + [f"  {finding}" for finding in self.findings])


def fsck(*, full=False, repair=False, resume=False, storage=None, grace=3600, progress=None):
    """Checks every artifact against its bytes, and the contents of the storages against the artifacts.

    Args:
        full (bool): compare digests, which reads everything; otherwise sizes.
        repair (bool): repair whatever can be repaired without loss.
        resume (bool): continue where the same check was interrupted.
        storage (str | Storage, optional): check only the storage with this root.
        grace (int): seconds; drafts of a dead process are reported from this age on.
        progress (Callable, optional): called with (artifacts, of, bytes, found); False stops the check.

    Returns:
        FsckReport: what was found.

    Raises:
        Interrupted: `progress` returned False.

    Example:

        >>> ln.fsck(full=True).found
        0
    """
    root = "" if storage is None else os.fspath(getattr(storage, "root", storage))
    findings = []
    counts = _core.fsck(_session.current(), full, repair, resume, root, grace, lambda found: findings.append(Finding(found)), progress)
    return FsckReport(counts, findings)
