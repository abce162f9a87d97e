"""The rows of several results, one after the other: `a.union(b, all=True)`."""

from collections import Counter

from ..errors import Unsupported


def all_rows(results):
    """The rows of the results, which belong to one registry."""
    model = results[0].model
    for other in results[1:]:
        if other.model is not model:
            raise TypeError(f"Cannot combine queries of {model.__name__} and {other.model.__name__}.")
    return [row for rows in results for row in rows]


class Repeats:
    """The part of a result whose rows occur as often as they were found."""

    def all(self):
        return type(self)(self.model, self._rows, self._session)

    def order_by(self, *field_names):
        times = Counter(row.id for row in self._rows)
        rows = [row for row in super().order_by(*field_names) for _ in range(times[row.id])]
        return type(self)(self.model, rows, self._session)

    def filter(self, *queries, **expressions):
        raise Unsupported("rows of union(all=True) cannot be narrowed: put the conditions into its parts")

    exclude = get = filter
