"""A dataset in a file, which the core reads in place, never as a whole."""

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.settings import settings
from lamindb.curators.base import complaint
from lamindb.curators.metadata import checked_values
from lamindb.curators.slots import EXTERNAL
from lamindb.errors import ValidationError


class FileCurator:
    """Validates a file against a schema.

    Args:
        path (str): a local file or folder.
        schema (Schema): a saved schema; one of another instance is made here, with the labels that the file names.
        features (dict, optional): {feature: value} of the artifact.

    Raises:
        ValidationError: it lists everything that is wrong.

    Example::

        FileCurator("cells.parquet", schema).changed
    """

    def __init__(self, path, schema, features=None):
        self._core = self._checked(_core.session_of(schema), schema, path)
        if _core.session_of(schema) is not _session.current():
            schema = self._core.schema_here(_session.current())
            self._core = self._checked(_session.current(), schema, path)
        if EXTERNAL in schema.slots:
            checked_values(schema, features, None)
        self._path, self._schema = path, schema

    @staticmethod
    def _checked(session, schema, path):
        curator = _core.curator_of_file(session, schema, path, settings.annotation.n_max_records)
        if problems := curator.check():
            raise ValidationError(complaint(problems))
        return curator

    @property
    def n_rows(self):
        """How many rows its first table has."""
        return self._core.n_rows

    @property
    def changed(self):
        """Whether values were converted, so that the file does not hold what the schema asks for."""
        return any(dtype != "cat" for _, _, dtype in self._core.coerced())

    def write(self, path):
        """Writes what is valid to another file.

        Args:
            path (str): the file.
        """
        self._core.write(self._path, path)


def can_read(path, schema):
    """Whether the core finds the tables of all slots in the file itself.

    Args:
        path (str): a local file.
        schema (Schema): a saved schema.

    Returns:
        bool: False if the object must be loaded.
    """
    return set(schema.slots) <= {"obs", "var", "var.T", "uns", EXTERNAL}
