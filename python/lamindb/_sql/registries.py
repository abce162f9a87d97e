"""Registries as tables: the columns that a query needs, read by the core."""

from .. import _core
from .._process import session as _session
from .._process.catalog import describe_table
from .._process.classes import class_of
from .lazy import lazy_table

_WITH_FEATURES = ("Artifact", "Record", "Run")


def registry_table(qualified, name, words):
    """A registry as a dataset. By its name in the database all its columns and rows, as they are stored; otherwise those
    that a user sees on the current branch, a column of names for each relation, and a column for each feature.

    `words`: the names in the query, or None: without any that needs them, features are not read.
    """
    import pyarrow

    described = describe_table(qualified)
    session = _session.current()
    if name == described["table"]:
        query = _core.Query(qualified).on_any_branch()
        paths = {column["column"]: column["column"] for column in described["columns"]}
    else:
        query = class_of(qualified).filter()._query
        paths = _columns(described)
    query = query.ordered(["id"])
    empty = pyarrow.record_batch(_core.registry_frame(session, query.sliced(0, 0), list(paths.values())))
    fields = [pyarrow.field(name, field.type) for name, field in zip(paths, empty.schema)]
    features = None
    if described["name"] in _WITH_FEATURES and described["module"] == "lamindb" and (words is None or not words <= set(paths)):
        features = _features(session, query, qualified, set(paths))
        fields += list(features.schema)

    def batches(wanted):
        needed = [paths[name] for name in wanted if name in paths] or ["id"]
        frame = pyarrow.record_batch(_core.registry_frame(session, query, needed))
        columns = {name: frame.column(paths[name]) for name in wanted if name in paths}
        columns |= {name: features.column(name) for name in wanted if name not in columns}
        if not wanted:
            yield pyarrow.record_batch(pyarrow.StructArray.from_buffers(pyarrow.struct([]), frame.num_rows, [None]))
        else:
            yield pyarrow.record_batch(columns)

    return lazy_table(pyarrow.schema(fields), batches, lambda: _core.count(session, query))


def _columns(described):
    """{column: path}: public fields, then the names of what each relation leads to."""
    shown = {}
    for column in described["columns"]:
        if not column["name"].startswith("_") or column["name"] == "_dtype_str":
            shown[column["column"]] = column["column"]
    for relation, shape, to, *_ in described["relations"]:
        target = describe_table(to)
        field = target["name_field"] or ("key" if any(column["name"] == "key" for column in target["columns"]) else "uid")
        if shape == "many_to_many" and relation not in shown and not relation.startswith(("_", "links_")):
            shown[relation] = f"{relation}.{field}"
    return shown


def _features(session, query, qualified, taken):
    """The features of the rows, as a record batch."""
    import pyarrow

    ids = pyarrow.record_batch(_core.registry_frame(session, query, ["id"])).column(0).to_pylist()
    batch = pyarrow.record_batch(_core.feature_frame(session, qualified, ids))
    names = [name for name in batch.schema.names if name not in taken]
    return batch.select(names)
