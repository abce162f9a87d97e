"""`lookup()` of `ln.Annotate`."""

from lamindb._process import session as _session


class AnnotateLookup:
    """The registries of the columns: as attributes, or by name in brackets.

    Args:
        fields (dict): {column: field of a registry}.
        using (str, optional): slug of the instance to look in; "public" for public ontologies.

    Example::

        annotate.lookup()["cell_type"].t_cell
    """

    def __init__(self, fields, using=None):
        self._fields, self._using = fields, using

    def __getitem__(self, column):
        field = self._fields[column]
        if self._using == "public":
            return field.model.public().lookup()
        rows = field.model if _session.is_here(self._using) else field.model.connect(self._using)
        return rows.lookup(field=field)

    def __getattr__(self, column):
        if column not in self._fields:
            raise AttributeError(f"column {column!r} does not exist; the columns are {', '.join(self._fields)}")
        return self[column]

    def __dir__(self):
        return list(self._fields)
