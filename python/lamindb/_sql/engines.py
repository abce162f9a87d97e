"""Files of tables, opened by an engine for reading in parts, without copying them: pyarrow, polars, DuckDB."""

import os

from .. import _core
from .._datasets.loaders import Opened
from .lazy import lazy_table
from .slots import UID, slot_table

ENGINES = ("pyarrow", "polars", "duckdb")


def check_engine(engine):
    """Refuses an unknown one, before anything is fetched."""
    if engine not in ENGINES:
        raise ValueError(f"Unknown engine: {engine!r}; it has to be one of {', '.join(ENGINES)}")


def kind_of(suffix, path):
    """What engines call the files of an artifact, or None; of a folder, what all its files are."""
    row = _core.format_of(suffix)
    if row.get("dataset"):
        return "tsv" if row["name"] == "tsv" else row["dataset"]
    if os.path.isdir(path):
        inner = {_core.suffix_of(file) for file in files_of(path)}
        return kind_of(inner.pop(), "") if len(inner) == 1 else None
    return None


def files_of(path):
    """The files of a table: itself, or those in the folder."""
    if not os.path.isdir(path):
        return [path]
    found = (os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names)
    return sorted(file for file in found if not os.path.basename(file).startswith((".", "_")))


def open_files(paths, kind, engine, uids=None, **options):
    """Files of one kind as one table; DuckDB adds a column with the uid of each file's artifact, where there are `uids`."""
    check_engine(engine)
    options.pop("use_fsspec", None)  # how LaminDB's polars reaches remote files: here they are local
    if engine == "polars":
        return Opened(_polars([file for path in paths for file in files_of(path)], kind, options))
    if engine == "duckdb":
        return relation(duckdb_source(paths, kind, uids, options))
    return _pyarrow(paths, kind, options)


def open_slots(paths, slot, engine, uids=None):
    """obs or var of many files as one table."""
    check_engine(engine)
    table = slot_table(paths, slot, uids)
    if engine == "pyarrow":
        return table
    if engine == "polars":
        import polars

        return Opened(polars.scan_pyarrow_dataset(table))
    return relation(table)


def connection():
    """A database in memory, for one query."""
    try:
        import duckdb
    except ImportError as missing:
        raise ImportError("DuckDB is needed for SQL over data: pip install duckdb") from missing
    return duckdb.connect()


def _pyarrow(paths, kind, options):
    from pyarrow import csv, dataset

    form = kind
    if kind == "tsv":
        form = dataset.CsvFileFormat(parse_options=csv.ParseOptions(delimiter="\t"))
    source = paths[0] if len(paths) == 1 else [file for path in paths for file in files_of(path)]
    return dataset.dataset(source, **{"format": form, **options})


def _polars(files, kind, options):
    import polars

    if kind == "tsv":
        return polars.scan_csv(files, **{"separator": "\t", **options})
    scan = {"parquet": "scan_parquet", "csv": "scan_csv", "json": "scan_ndjson"}.get(kind)
    if scan is None and kind in ("ipc", "feather"):
        scan = "scan_ipc"
    if scan is None:
        raise ValueError(f"polars does not read {kind} files in parts: use engine='pyarrow'")
    return getattr(polars, scan)(files, **options)


_READERS = {"parquet": "read_parquet", "csv": "read_csv", "tsv": "read_csv", "json": "read_json"}


def duckdb_source(paths, kind, uids=None, options=None):
    """What DuckDB reads these files from: a SELECT, or an Arrow dataset."""
    files = [(file, uid) for path, uid in zip(paths, uids or [None] * len(paths)) for file in files_of(path)]
    if kind not in _READERS:
        return _arrow_source(files, kind)
    given = {"union_by_name": True, "filename": "lamin_file", **({"sep": "\t"} if kind == "tsv" else {}), **(options or {})}
    arguments = "".join(f", {name} = {literal(value)}" for name, value in given.items())
    source = f"{_READERS[kind]}({literal([file for file, _ in files])}{arguments})"
    owners = {uid for _, uid in files}
    if owners == {None}:
        owner = ""
    elif len(owners) == 1:
        owner = f"{literal(owners.pop())} as {UID}, "
    else:
        owner = f"(map {{{', '.join(f'{literal(file)}: {literal(uid)}' for file, uid in files)}}})[lamin_file] as {UID}, "
    return f"select {owner}* exclude (lamin_file) from {source}"


def _arrow_source(files, kind):
    from pyarrow import dataset

    tables = [dataset.dataset(file, format=kind) for file, _ in files]
    if files[0][1] is None:
        return tables[0] if len(tables) == 1 else dataset.dataset(tables)
    import pyarrow

    schema = pyarrow.unify_schemas([table.schema for table in tables])
    uid = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())

    def batches(names):
        for table, (_, owner) in zip(tables, files):
            inside = [name for name in names if name in table.schema.names]
            for part in table.to_batches(columns=inside):
                columns = {name: part.column(name) for name in inside}
                if UID in names:
                    codes = pyarrow.nulls(part.num_rows, pyarrow.int32()).fill_null(0)
                    columns[UID] = pyarrow.DictionaryArray.from_arrays(codes, pyarrow.array([owner]))
                missing = {name: pyarrow.nulls(part.num_rows, schema.field(name).type) for name in names if name not in columns}
                yield pyarrow.record_batch({name: (columns | missing)[name] for name in names})

    fields = [field for field in schema if field.name != UID]
    rows = lambda: sum(table.count_rows() for table in tables)  # noqa: E731
    return lazy_table(pyarrow.schema([pyarrow.field(UID, uid), *fields]), batches, rows)


def relation(source):
    """A relation over a source, in a database of its own."""
    database = connection()
    return database.sql(source) if isinstance(source, str) else database.from_arrow(source)


def literal(value):
    """A value as SQL writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(str(name))}: {literal(item)}' for name, item in value.items())}}}"
    return str(value) if isinstance(value, (int, float)) else "'" + str(value).replace("'", "''") + "'"
