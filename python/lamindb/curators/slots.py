"""Which table of a dataset a slot of a schema means."""

from lamindb._process.logger import logger
from lamindb.curators.tables import DictTable, PandasTable
from lamindb.errors import InvalidArgument

EXTERNAL = "__external__"  # feature values of the artifact


def holds_terms(schema):
    """Whether a schema checks names of rows or columns, such as genes, rather than columns of features."""
    return bool(schema.itype) and not schema.itype.startswith("Feature") and schema.itype != "Composite"


def resolved(dictionary, keys, slot, base):
    """What is at nested keys of a dictionary."""
    for key in keys:
        base += f"['{key}']"
        try:
            dictionary = dictionary[key]
        except (KeyError, TypeError, IndexError):
            level = list(dictionary) if hasattr(dictionary, "keys") else "none (not a dict)"
            raise InvalidArgument(
                f"Schema slot '{slot}' requires keys {base} but key '{key}' not found. Available keys at this level: {level}."
            ) from None
    return dictionary


def dict_table(dictionary, keys, slot, schema, base):
    """The table of a dictionary: "uns", "uns:study", "attrs:bio"."""
    found = resolved(dictionary, keys, slot, base)
    if not hasattr(found, "items"):
        raise InvalidArgument(f"Schema slot '{slot}' checks the keys of a dictionary, but {base} has a {type(found).__name__} there")
    return DictTable(found, schema.index)


def annotation(owner, kind, slot, schema):
    """obs or var of an AnnData or MuData: "obs", "var", "var.T"."""
    name = kind.removesuffix(".T")
    if kind == "var" and holds_terms(schema):
        logger.warning(
            "auto-transposed `var` for backward compat, please indicate transposition in the schema definition by calling out "
            f"`.T`: slots={{'var.T': itype=bt.{schema.itype.partition('.')[2]}}}"
        )

    def set_rows(names):
        setattr(owner, f"{name}_names", names)

    return PandasTable(getattr(owner, name), has_index=True, set_rows=set_rows)


def of_annotated(owner, path, slot, schema, base=""):
    """The table of an AnnData, or of what has obs, var and uns as well."""
    kind, *keys = path
    if kind == "uns":
        return dict_table(owner.uns, keys, slot, schema, f"{base}uns")
    if kind in ("obs", "var", "var.T") and not keys:
        return annotation(owner, kind, slot, schema)
    return None
