"""Files of data against a schema, checked where they are by the core."""

import json
from pathlib import Path

from lamindb import _core
from lamindb.examples.schemas import schema_of

__all__ = ["Report", "curate_files"]


class Report:
    """What was checked and what is wrong: shown as a page in a notebook, as text elsewhere.

    Args:
        core (object): the core's report.

    Example:

        >>> ln.curators.DataFrameCurator(df, typed).report().valid
        True
    """

    def __init__(self, core):
        self._core = core

    @property
    def valid(self):
        """Whether there is no problem (bool)."""
        return self._core.valid

    @property
    def n_problems(self):
        """How many problems there are (int)."""
        return self._core.n_problems

    def to_dict(self):
        """The report with the keys that docs/curation.md lists.

        Returns:
            dict: schema, files, and of each file its columns, problems and notes.

        Example:

            >>> ln.curators.DataFrameCurator(df, typed).report().to_dict()["n_problems"]
            0
        """
        return json.loads(self._core.json())

    def to_html(self, path=None):
        """The report as one page that needs nothing else, to be sent.

        Args:
            path (str, optional): a file to write it to.

        Returns:
            str: the page.

        Example:

            >>> ln.curators.DataFrameCurator(df, typed).report().to_html()[:15]
            '<!doctype html>'
        """
        page = self._core.html(True)
        if path is not None:
            Path(path).write_text(page, encoding="utf-8")
        return page

    def _repr_html_(self):
        return self._core.html(False)

    def __repr__(self):
        return self._core.text().rstrip("\n")


def curate_files(paths, schema, *, fix=False, write=None):
    """Checks files against a schema where they are, several at once, reading their annotation only.

    Args:
        paths (str | list): files or folders: .h5ad, .zarr, .h5mu, .parquet, .csv, .tsv.
        schema (Schema | str): a saved schema, or the name of one that comes with the library.
        fix (bool): replace in the files what can only mean one thing, and fill in default values.
        write (str, optional): the same in a copy: a file, or for several an existing folder.

    Returns:
        Report: what was checked and what is wrong. Invalid data is not an error.

    Raises:
        ObjectDoesNotExist: a path does not exist.
        CorruptData: the only file is damaged.

    Example:

        >>> df.to_csv("cells.csv", index=False)
        >>> ln.curators.curate_files("cells.csv", typed).valid
        True
    """
    one = isinstance(paths, str) or hasattr(paths, "__fspath__")
    paths = [Path(path) for path in ([paths] if one else paths)]
    schema = schema_of(schema)
    core = _core.curate_files(_core.session_of(schema), schema, paths, fix, "" if write is None else str(write))
    return Report(core)
