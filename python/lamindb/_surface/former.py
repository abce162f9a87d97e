"""Former names from LaminDB 0.70 to 0.72 (2024), so that code that uses them keeps running.

A former name is tried last: a field, a relation or a feature of the same name takes precedence.
"""

import warnings

_VERSIONED = {"visibility": "branch_id", "is_new_version_of": "revises"}
# Fields, methods and keywords of constructors and queries.
RECORDS = {
    "Artifact": {
        **_VERSIONED, "accessor": "otype", "_accessor": "otype", "type": "kind", "n_objects": "n_files", "hash_type": "_hash_type",
        "key_is_virtual": "_key_is_virtual", "input_of": "input_of_runs", "stage": "cache", "backed": "open", "from_df": "from_dataframe",
    },
    "Collection": {
        **_VERSIONED, "name": "key", "unordered_artifacts": "artifacts", "artifact": "meta_artifact", "input_of": "input_of_runs",
    },
    "Transform": {**_VERSIONED, "name": "key", "type": "kind", "parents": "predecessors", "children": "successors"},
    "Run": {"is_consecutive": "_is_consecutive", "parent": "initiated_by_run", "replicated_output_artifacts": "recreated_artifacts"},
    "Feature": {"from_df": "from_dataframe", "coerce_dtype": "coerce"},
    "Schema": {"from_df": "from_dataframe", "coerce_dtype": "coerce", "n": "n_members", "registry": "itype"},
}  # fmt: skip
DTYPES = {"number": "num", "category": "cat"}


def warn(former, name):
    warnings.warn(f"{former} is called {name} today", DeprecationWarning, stacklevel=3)


class Former:
    """An attribute under its former name, for a class and its instances."""

    def __init__(self, name, today):
        self.name, self.today = name, today

    def __get__(self, record, owner=None):
        warn(self.name, self.today)
        return getattr(owner if record is None else record, self.today)

    def __set__(self, record, value):
        warn(self.name, self.today)
        setattr(record, self.today, value)


def shown(cls, names):
    """For `__dir__`: names of a class or of its instances, without the former ones."""
    return sorted({name for name in names if not any(isinstance(vars(base).get(name), Former) for base in cls.__mro__)})


def attributes(registry, names):
    """{former name: descriptor} of a registry, except for names that it uses itself."""
    return {name: Former(name, today) for name, today in RECORDS.get(registry, {}).items() if name not in names}


def keyword(registry, name):
    """The current name of a keyword in a query; None if it was never renamed."""
    today = RECORDS.get(registry, {}).get(name)
    if today is not None:
        warn(name, today)
    return today


def renamed(registry, given, taken):
    """Constructor keywords under their current names; `taken` are names that it accepts itself."""
    former = RECORDS.get(registry, {})
    for name in [name for name in given if name in former and name not in taken]:
        today = former[name]
        warn(name, today)
        if name == "name" and given.get(today) is not None:  # along with a key, the name is a description
            today = "description"
        value = given.pop(name)
        if given.get(today) is None:
            given[today] = value
    return given
