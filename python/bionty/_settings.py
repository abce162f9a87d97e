"""`bt.settings`: the organism that is meant where none is passed."""

from lamindb import _core, _session


class Settings:
    """Settings of bionty in this process."""

    def __init__(self):
        self._organism = None
        self._organism_name = None

    @property
    def organism(self):
        """The default organism, as a record; None if none was set."""
        if self._organism is None and self._organism_name is not None:
            self._organism = _core.organism(_session.current(), self._organism_name)
        return self._organism

    @organism.setter
    def organism(self, organism):
        if organism is None:
            self._organism = self._organism_name = None
        elif isinstance(organism, str):
            self._organism = _core.organism(_session.current(), organism)
            self._organism_name = self._organism.name
        else:
            self._organism, self._organism_name = organism, organism.name

    def __repr__(self):
        return f"Settings(organism={self._organism_name!r})"


settings = Settings()
