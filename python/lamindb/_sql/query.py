"""`ln.sql`: one SELECT over registries, the tables in artifacts, and tables in memory."""

import json

from .. import _core
from .._datasets.inputs import note_input
from .._process import session as _session
from .._process.classes import class_of
from ..errors import InvalidArgument, ObjectDoesNotExist
from .engines import connection
from .named import source_called, source_of
from .registries import registry_table

_SLOTS = ("obs", "var")


def sql(query, *, is_run_input=None, **tables):
    """A SELECT over registries and over what artifacts hold, run in place by DuckDB.

    What a query may name: a registry in the plural (`artifacts`, `ulabels`, `cell_types`), with a column of lists for each
    relation and a column for each feature; the key or uid of an artifact or collection that holds tables
    (`"blood/cells.parquet"`); obs and var of AnnData, MuData and SpatialData, also of all artifacts that a pattern fits
    (`obs('blood/*.h5ad')`); and tables that are passed. Tables of artifacts have a column `artifact_uid`. Only the columns
    that a query needs are read, and nothing can be written.

    Args:
        query (str): one SELECT in DuckDB's dialect.
        is_run_input (bool | Run, optional): note the artifacts as inputs of the tracked run; otherwise if settings say so.
        **tables (Artifact | Collection | ArtifactSet | EachResult | DataFrame | Table): what the query calls by these names;
            of `each("index")` its files as one table.

    Returns:
        DuckDBPyRelation: `.df()`, `.pl()`, `.arrow()` and `.fetchall()` read it.

    Raises:
        InvalidArgument: it is not one SELECT.
        ObjectDoesNotExist: it names a table that is none of these.
        ImportError: DuckDB is not installed.

    Example::

        ln.sql("select cell_type, count(*) from obs('blood/*.h5ad') group by cell_type").df()
    """
    database = connection()
    plan = _plan(database, query)
    words = _words(plan)
    read = []
    for name, given in tables.items():
        _add(database, name, source_of(given, read))
    for name in _tables(plan) - set(tables) - _defined(plan):
        registry = _core.registry_called(_session.current(), name)
        if registry is not None:
            _add(database, name, registry_table(registry, name, words))
            continue
        _add(database, name, source_called(name, read))
    for slot in _SLOTS:
        called = _calls(plan, slot)
        for name in called:
            given = tables.get(name)
            source = source_called(name, read, slot) if given is None else source_of(given, read, slot)
            _add(database, f"{slot}:{name}", source)
        if called:
            database.execute(f"create temp macro {slot}(artifact) as table from query_table('{slot}:' || artifact)")
    for record in read:
        note_input(record, is_run_input)
    return database.sql(query)


def _add(database, name, source):
    called = '"' + name.replace('"', '""') + '"'
    if isinstance(source, str):
        database.execute(f"create temp view {called} as {source}")
    else:
        database.register(name, source)


def _plan(database, query):
    """The query as DuckDB's parser reads it."""
    if not isinstance(query, str):
        raise InvalidArgument(f"ln.sql() takes a query as text, not {query!r}")
    text = database.execute("select json_serialize_sql(?::varchar)", [query]).fetchall()[0][0]
    plan = json.loads(text)
    if plan["error"]:
        raise InvalidArgument(f"ln.sql() takes one SELECT: {plan['error_message']}")
    if len(plan["statements"]) != 1:
        raise InvalidArgument(f"ln.sql() takes one SELECT, not {len(plan['statements'])}: call it for each")
    return plan


def _nodes(value):
    if isinstance(value, dict):
        yield value
        value = value.values()
    if not isinstance(value, str) and hasattr(value, "__iter__"):
        for item in value:
            yield from _nodes(item)


def _words(plan):
    """The names in a query, or None if it asks for all columns of a table."""
    words = set()
    for node in _nodes(plan):
        if node.get("class") == "STAR" or node.get("type") in ("PIVOT", "SHOW_REF"):
            return None
        if node.get("ref_type") == "NATURAL":
            return None
        words.update(node.get("column_names", ()))
        words.update(node.get("using_columns", ()))
    return words


def _tables(plan):
    return {node["table_name"] for node in _nodes(plan) if node.get("type") == "BASE_TABLE" and not node.get("schema_name")}


def _defined(plan):
    """Names of the common table expressions."""
    maps = (node["cte_map"]["map"] for node in _nodes(plan) if "cte_map" in node)
    return {entry["key"] for entries in maps for entry in entries}


def _calls(plan, function):
    """The names that a function of tables is called with."""
    names = []
    for node in _nodes(plan):
        called = node.get("function")
        if node.get("type") != "TABLE_FUNCTION" or called["function_name"].lower() != function:
            continue
        arguments = [argument.get("expression", argument) for argument in called.get("arguments", called.get("children", []))]
        first = arguments[0] if len(arguments) == 1 else {}
        value = first.get("literal", first.get("value", {})) if first.get("type") == "VALUE_CONSTANT" else {}
        name = value.get("text", value.get("value"))
        if not isinstance(name, str) or value.get("kind", "STRING") != "STRING":
            raise InvalidArgument(f"{function}() takes the key of an artifact in single quotes: {function}('blood/*.h5ad')")
        names.append(name)
    return dict.fromkeys(names)
