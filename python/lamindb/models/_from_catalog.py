"""Registry classes derived from the catalog alone; those with their own behaviour are in other files of this folder."""

from .._process.catalog import describe_table
from .._process.classes import made
from .._records.declared import import_package
from .._records.ontology import BioRecord
from .._records.perturbations import HasMembers, HasStructure
from .._records.record import BaseSQLRecord, SQLRecord
from .._records.registry import Registry
from .._records.traits import BaseBlock, of_columns, of_trait

_SHOWN_IN_MODELS = ("lamindb", "bionty", "pertdb")  # our packages that have `models`


def make_class(qualified):
    """Makes the class of a table; after this, `class_of` returns it."""
    table = describe_table(qualified)
    if table["module"] not in _SHOWN_IN_MODELS and import_package(table["module"]) and qualified in made:
        return
    traits = table["traits"]
    columns = {c["name"] for c in table["columns"]}
    bases = [SQLRecord if "branched" in traits else BaseSQLRecord]
    if table["module"] != "lamindb" and "source" in columns and "curatable" in traits:
        bases = [BioRecord]
    bases += of_trait(traits) + of_columns(columns)
    bases = [base for base in bases if not any(base is not other and issubclass(other, base) for other in bases)]
    bases.sort(key=lambda base: base is not BaseBlock)  # it has a constructor of its own
    names = columns | {relation[0] for relation in table["relations"]}
    bases[:0] = [base for base in (HasStructure, HasMembers) if base._of_fields <= names]
    module = table["module"]
    namespace = {"__module__": f"{module}.models" if module in _SHOWN_IN_MODELS else module, "__doc__": table["doc"]}
    Registry(table["name"], tuple(bases), namespace, registry=table)
