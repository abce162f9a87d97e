"""Tables whose columns are read when an engine asks for them: a pyarrow dataset that has a schema and a function.

pyarrow, polars and DuckDB hand a dataset the columns and the condition of a query, so only these columns are read.
"""

from functools import cache


@cache
def _class():
    from pyarrow import dataset

    class LazyTable(dataset.InMemoryDataset):
        """A dataset that is read by a function."""

        def __init__(self, schema, batches, rows):
            super().__init__(schema.empty_table())
            self._batches, self._rows = batches, rows

        def scanner(self, columns=None, filter=None, **options):
            """The columns of the rows that fit, read now."""
            import pyarrow

            if isinstance(columns, dict):  # {name: expression}
                needed = named_in(list(columns.values()), self.schema.names)
            else:
                columns = self.schema.names if columns is None else list(columns)
                needed = list(columns)
            wanted = set(needed) if filter is None else {*needed, *named_in([filter], self.schema.names)}
            names = [name for name in self.schema.names if name in wanted]
            schema = pyarrow.schema([self.schema.field(name) for name in names])
            return dataset.Scanner.from_batches(self._batches(names), schema=schema, columns=columns, filter=filter)

        def count_rows(self, filter=None, **options):
            """How many rows there are, or fit."""
            return self._rows() if filter is None else self.scanner(columns=[], filter=filter).count_rows()

    return LazyTable


def lazy_table(schema, batches, rows):
    """A dataset: `batches(names)` yields record batches with these columns, `rows()` is how many rows there are."""
    return _class()(schema, batches, rows)


def named_in(expressions, names):
    """Those of the names that occur in conditions; a few too many do no harm."""
    text = "\n".join(map(str, expressions))
    return [name for name in names if name in text]
