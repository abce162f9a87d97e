"""`bt.settings`: the default organism."""

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.settings import settings as _of_process


class Settings:
    """Settings of bionty in this process: `bt.settings`.

    Example:

        >>> bt.settings.organism is None
        True
    """

    def __init__(self):
        self._organism = None

    @property
    def organism(self):
        """The default organism, as a record; None if none was set. Assign a name or a record."""
        if self._organism is None and _of_process._organism_name is not None:
            self._organism = _core.organism(_session.current(), _of_process._organism_name)
        return self._organism

    @organism.setter
    def organism(self, organism):
        self._organism = _core.organism(_session.current(), organism) if isinstance(organism, str) else organism
        _of_process._organism_name = None if self._organism is None else self._organism.name

    def __repr__(self):
        return f"Settings(organism={_of_process._organism_name!r})"


settings = Settings()
