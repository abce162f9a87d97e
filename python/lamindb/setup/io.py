"""`ln.setup.io`: the registries of an instance as files, and from files."""

import os

from .. import _core
from .._process import session as _session
from .._process.logger import logger
from .._surface.lazy import public

__all__ = ["export", "export_db", "import_db"]
__getattr__, __dir__ = public(__name__)


def export(folder, to="parquet", modules=None):
    """Writes all registries of the instance, with links, all branches and the trash, to a folder.

    The folder is a copy for other programs, or for :func:`import_db`; a later export replaces it as a whole.

    Args:
        folder (str | PathLike): a new folder, or that of an earlier export.
        to ("parquet" | "ducklake" | "lamindb"): a folder of Parquet files a table; the same with a catalog that DuckDB
            attaches (`ducklake:sqlite:FOLDER/catalog.sqlite`); or one file per table, as LaminDB writes and reads them.
        modules (list[str], optional): only the tables of these, such as `["lamindb"]`; otherwise of all.

    Returns:
        dict[str, int]: the rows of each table that has some.

    Raises:
        InvalidArgument: the folder holds other things than an export.
        ObjectDoesNotExist: the instance has no such module.

    Example:

        >>> ln.setup.io.export("tables")["lamindb_user"]
        1
    """
    told = _core.export_registries(_session.current(), os.path.abspath(folder), to, list(modules or ()))
    rows = {table: count for table, count, _ in told if count}
    logger.important(f"exported {sum(rows.values())} rows of {len(told)} tables to {os.fspath(folder)}")
    return rows


def export_db(module_names=None, *, output_dir=None, max_workers=8, chunk_size=500_000):
    """Writes the registries to a folder with one Parquet file per table, as LaminDB does.

    Args:
        module_names (list[str], optional): whose tables, such as `["lamindb", "bionty"]`; otherwise those of `"lamindb"`.
        output_dir (str | PathLike, optional): a new folder, or that of an earlier export; otherwise
            `./<name of the instance>_export/`.
        max_workers (int): of LaminDB; rows are read once here, in one state of the database.
        chunk_size (int): of LaminDB; memory is bounded whatever the size of a table.

    Raises:
        InvalidArgument: the folder holds other things than an export.
        ObjectDoesNotExist: the instance has no such module.

    Example:

        >>> ln.setup.io.export_db(["lamindb"], output_dir="tables_of_lamindb")
    """
    folder = f"./{_session.current().settings['name']}_export/" if output_dir is None else output_dir
    export(folder, "lamindb", module_names or ["lamindb"])


def import_db(module_names=None, *, input_dir="./lamindb_export/", if_exists="replace"):
    """Takes the rows of an export, of LaminDB's or of ours, into this instance, under their ids: all of it or nothing.

    Args:
        module_names (list[str], optional): only the tables of these; otherwise all that have a file.
        input_dir (str | PathLike): the folder of the export.
        if_exists ("replace" | "append" | "fail"): what becomes of a table that has rows: it holds those of the file and no
            other; it keeps others than those with the ids of the file; or nothing is imported.

    Raises:
        ObjectDoesNotExist: there is no such folder or module, or no table in it.
        InvalidArgument: a column that the instance does not have, or a value of another type.
        IntegrityError: with "fail", a table has rows; or a row that another one refers to is missing.

    Example:

        >>> _ = ln.setup.io.export("tables_to_take", "lamindb")
        >>> ln.setup.io.import_db(input_dir="tables_to_take")
    """
    told = _core.import_registries(_session.current(), os.path.abspath(input_dir), if_exists, list(module_names or ()))
    _session.reconnect()
    written, deleted = sum(table[2] for table in told), sum(table[3] for table in told)
    logger.important(f"imported {len(told)} tables: {written} rows were written, {deleted} were deleted or had been different")
