"""What the core has to know of an AnnData object to check `schema.formats.anndata`."""

from lamindb._queries.frames import to_core

_SLOTS = ("obs", "var")
_OF_COLUMNS = ("complete", "deprecated", "reserved", "terms")


def layout_of(adata, rules):
    """The facts that `_core.layout_violations` takes.

    Args:
        adata (AnnData): the dataset.
        rules (dict): of its schema.

    Returns:
        dict: the tables without what no rule names, how many names of rows repeat, arrays of obsm with their shapes.
    """
    tables = {slot: to_core(_named(getattr(adata, slot), rules.get(slot, {}))) for slot in _SLOTS}
    tables["uns"] = to_core(_of_dict(adata.uns))
    repeated = {slot: int(getattr(adata, f"{slot}_names").duplicated().sum()) for slot in _SLOTS}
    return {"tables": tables, "repeated": repeated, "n_obs": adata.n_obs,
            "obsm": {str(name): _shape(array) for name, array in adata.obsm.items()}}  # fmt: skip


def _shape(array):
    """Of a table nothing: it is not an array."""
    return [] if hasattr(array, "columns") else [int(size) for size in array.shape]


def _named(df, rules):
    """The columns that a rule names."""
    names = {name for rule in _OF_COLUMNS for name in rules.get(rule, ())}
    names |= {one[key] for one in rules.get("when", ()) for key in ("column", "of")}
    return df[[name for name in df.columns if name in names]].reset_index(drop=True)


def _of_dict(values):
    """One row: texts, numbers and booleans as they are, anything else as missing."""
    import numpy
    import pandas

    def cell(value):
        value = value.item() if isinstance(value, numpy.generic) else value
        return pandas.Series([value]) if isinstance(value, str | bool | int | float) else pandas.Series([None], dtype="string")

    return pandas.DataFrame({str(key): cell(value) for key, value in values.items()}, index=[0])
