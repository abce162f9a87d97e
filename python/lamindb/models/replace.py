"""Other content for an artifact that is saved."""

import os

from lamindb import _core
from lamindb._datasets.writers import otype_of, suffix_of, write
from lamindb._process import session as _session
from lamindb._process.paths import as_place
from lamindb._process.settings import settings
from lamindb._records.record import id_of
from lamindb.errors import FileDoesNotExist, WrongType
from lamindb._datasets.writers import remove


class HasContent:
    """What has content that can be replaced: an artifact."""

    def replace(self, data, run=None, format=None, links=None):
        """Other content for the same version, once it is saved. For a new version, make an artifact with the same key.

        A file takes the place of a file, a folder that of a folder. If the suffix is another one, the key gets it too.

        Args:
            data (str | PathLike | DataFrame | AnnData | MuData | SpatialData): a local path, or a dataset in memory.
            run (Run | False, optional): what makes it; otherwise the tracked run.
            format (str, optional): how a dataset in memory is written; otherwise as the key ends.
            links ("follow" | "refuse", optional): symbolic links in a folder; otherwise those inside of it are followed.

        Raises:
            ValueError: the path is in a storage of the instance, or a folder where the artifact is a file.

        Example:

            >>> note = ln.Artifact("reads.txt", key="notes/note.txt", skip_hash_lookup=True).save()
            >>> with open("later.txt", "w") as file:
            ...     _ = file.write("written later")
            >>> note.replace("later.txt")
            >>> _ = note.save()
            >>> note.version
            '0000'
        """
        options = {"run": run_option(run), "links": links}
        data = as_place(data)
        if isinstance(data, (str, os.PathLike)):
            options["path"] = path = os.fspath(data)
            if "://" not in path and not os.path.exists(path):
                raise FileDoesNotExist(f"'{os.path.abspath(path)}' does not exist")
            self._replace(options)
            return
        otype = otype_of(data)
        if otype is None:
            raise not_a_path(data)
        options["path"] = path = _core.new_draft(suffix_of(otype, self.key, format))
        try:
            options["n_observations"] = write(data, path)
            options["temporary_source"] = True
            self._replace(options)
        except BaseException:
            remove(path)
            raise
        self.__dict__["_temporary"], self.__dict__["_memory"] = path, data

    def _replace(self, options):
        self.__dict__["_draft"] = _core.prepare_replacement(self, options)
        self.__dict__.pop("_memory", None)


def not_a_path(data):
    """The error for something that is neither a path nor a dataset."""
    return WrongType("data has to be a string, Path, UPath" + ("" if isinstance(data, bool) else f" or a dataset in memory, not {data!r} ({type(data).__name__})"))


def run_option(run):
    """The id of the run that creates it; 0 for none, None for the tracked one."""
    silent = settings.creation.artifact_silence_missing_run_warning and not _session.current().stamp["run"]
    return 0 if run is False or (run is None and silent) else id_of(run, "Run")
