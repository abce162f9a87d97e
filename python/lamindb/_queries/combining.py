"""Several results as one: those in any, in all, in the first only, or one after the other."""

from collections import Counter
from functools import reduce
from operator import and_, or_

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


class Combines:
    """The methods of a query set that combine it with others of its registry."""

    def _combined(self, other, how):
        if not isinstance(other, Combines):
            raise TypeError(f"rows can be combined with rows, not with a {type(other).__name__}")
        return self._with(self._query.combined(other._query, how))

    def __and__(self, other):
        return self._combined(other, 0)

    def __or__(self, other):
        return self._combined(other, 1)

    def __xor__(self, other):
        return self._combined(other, 2)

    def intersection(self, *others):
        """Rows that are in all of them.

        Args:
            *others (QuerySet): rows of the same registry.

        Example:

            >>> rows = bt.CellType.filter()
            >>> rows.intersection(rows.filter(name="T cell")).count()
            1
        """
        return reduce(and_, others, self)

    def union(self, *others, all=False):
        """Rows that are in any of them.

        Args:
            *others (QuerySet): rows of the same registry.
            all (bool): a row as often as it was found, rather than once.

        Example:

            >>> rows = bt.CellType.filter(name="T cell")
            >>> rows.union(bt.CellType.filter(name="B cell")).count()
            2
        """
        return self._repeated(all_rows([self, *others])) if all else reduce(or_, others, self)

    def difference(self, *others):
        """Rows that are in none of the others.

        Args:
            *others (QuerySet): rows of the same registry.

        Example:

            >>> bt.CellType.filter().difference(bt.CellType.filter(name="T cell")).count()
            2
        """
        return reduce(lambda rows, other: rows._combined(other, 3), others, self)
