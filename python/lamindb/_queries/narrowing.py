"""Which rows a query set holds, and their order: conditions, sorting, and what Django has for reading less."""

from .. import _core
from .._surface import former
from ..errors import FieldError
from .conditions import Q, conditions, field_name, unknown_field
from .reading import reversed_order


class Narrows:
    """The methods of a query set that narrow or sort it."""

    def filter(self, *queries, **expressions):
        """The rows for which all conditions hold as well.

        Arguments and errors as in :meth:`Registry.filter`.

        Example:

            >>> bt.CellType.objects.filter(name="T cell").count()
            1
        """
        return self._with(conditions(self.model, self._query, queries, expressions, session=self._session))

    def exclude(self, *queries, **expressions):
        """The rows for which not all conditions hold.

        Arguments and errors as in :meth:`Registry.filter`.

        Example:

            >>> bt.CellType.filter().exclude(name__contains="cell").one().name
            'lymphocyte'
        """
        return self._with(conditions(self.model, self._query, queries, expressions, negate=True, session=self._session))

    def complex_filter(self, filter_obj):
        """As `filter`, with one condition or a dict of keywords.

        Args:
            filter_obj (Q | dict): a Q object, or keywords of `filter`.

        Example:

            >>> ln.ULabel.filter().complex_filter({"name": "pilot"}).count()
            1
        """
        return self.filter(filter_obj) if isinstance(filter_obj, Q) else self.filter(**filter_obj)

    def labelled_with_any(self, relation, term):
        """Rows whose relation leads to a term or to anything below it.

        Args:
            relation (str): such as `"cell_types"`.
            term (str | SQLRecord): a term by name, identifier or as a record.

        Raises:
            ObjectDoesNotExist: no term has this name.

        Example:

            >>> ln.Artifact.filter().labelled_with_any("cell_types", "lymphocyte").count()
            1
        """
        return self._with(_core.labelled_with_any(self.db, self._query, relation, term))

    def all(self):
        """The same rows, to be read again.

        Example:

            >>> ln.ULabel.filter().all().count()
            1
        """
        return self._with(self._query)

    def none(self):
        """No rows, of the same registry.

        Example:

            >>> ln.ULabel.filter().none().count()
            0
        """
        return self._with(self._query.sliced(0, 0) if self._query.is_cut else self._query.where(None, {"id__in": []}))

    def distinct(self, *fields):
        """Rows are always distinct; of values, returns each once.

        Args:
            *fields (str): not implemented yet: raises NotImplementedError.

        Example:

            >>> list(ln.Artifact.filter(key__startswith="blood").values_list("suffix", flat=True).distinct())
            ['.parquet']
        """
        if fields:
            raise NotImplementedError("QuerySet.distinct(*fields) is not implemented in lamindb-native yet")
        return self._with(self._query.made_distinct())

    def order_by(self, *field_names):
        """Sorts by fields, including those of related rows, and features.

        Args:
            *field_names (str | Feature): `-` before a name for descending, `"?"` for a random order; `-feature` for a feature,
                which leaves out rows without a value of it.

        Raises:
            FieldError: a name is neither a field nor a feature.
            TypeError: a slice was taken before.

        Example:

            >>> bt.CellType.filter().order_by("-name").first().name
            'lymphocyte'
        """
        if self._query.is_cut:
            raise TypeError("Cannot reorder a query once a slice has been taken.")
        return self._with(self._query.ordered([self._ordering(field) for field in field_names]))

    def _ordering(self, field):
        """A field to sort by, or a feature, which limits the result to rows that have a value."""
        name = field.uid if getattr(field, "__registry__", None) == "Feature" else field_name(field)
        try:
            return self._path(name)
        except FieldError:
            feature = _core.feature_meant(self.db, self.model.__registry__, name.removeprefix("-"))
            if feature is not None:
                _core.check_order(feature)
            elif name is field:
                raise
            else:
                raise FieldError(f"Ordering by a feature is only supported for Artifact, Run and Record, not for {self.model.__name__}") from None
            return name

    def _path(self, name):
        """A path for the core: with the current name of its first field."""
        sign, name = ("-", name[1:]) if name.startswith("-") else ("", name)
        head, separator, rest = name.partition("__")
        alias = self.model._aliases.get(head)
        if head != "pk" and alias is None and head not in self.model._names and name != "?":
            alias = former.keyword(self.model, head)
            if alias not in self.model._names:
                raise unknown_field(self.model, head)
        return sign + (alias if isinstance(alias, str) else head) + separator + rest

    def reverse(self):
        """In the opposite order; unordered rows stay as they are.

        Example:

            >>> bt.CellType.filter().order_by("name").reverse().first().name
            'lymphocyte'
        """
        return self._with(self._query.ordered(reversed_order(self._query.order)))

    @property
    def ordered(self):
        """Whether an order was set (bool)."""
        return bool(self._query.order)

    @property
    def query(self):
        """The condition, in the syntax of the shell's `--where`."""
        return self._query

    def latest_version(self):
        """The latest version of each row: the former name of `filter(is_latest=True)`.

        Example:

            >>> ln.Artifact.filter(key="blood/cells.parquet").latest_version().count()
            1
        """
        former.warn("latest_version()", "filter(is_latest=True)")
        return self.filter(is_latest=True)

    def select_related(self, *fields):
        """Checks the names; related rows of a result are read together anyway.

        Args:
            *fields (str): relations.

        Raises:
            FieldError: a name is not a field.

        Example:

            >>> ln.Artifact.filter(key="blood/cells.parquet").select_related("created_by").count()
            1
        """
        return self._reads(fields)

    def prefetch_related(self, *fields):
        """Checks the names; related rows of a result are read together anyway.

        Args:
            *fields (str): relations.

        Raises:
            FieldError: a name is not a field.

        Example:

            >>> ln.Artifact.filter(key="blood/cells.parquet").prefetch_related("cell_types").count()
            1
        """
        return self._reads(fields)

    def _reads(self, fields):
        for field in fields:
            if isinstance(field, str):
                self._path(field)
        return self

    def only(self, *fields):
        """No effect: rows are read whole.

        Args:
            *fields (str): names of fields.

        Example:

            >>> ln.ULabel.filter().only("name").count()
            1
        """
        return self

    def defer(self, *fields):
        """No effect: rows are read whole.

        Args:
            *fields (str): names of fields.

        Example:

            >>> ln.ULabel.filter().defer("description").count()
            1
        """
        return self

    def select_for_update(self, nowait=False, skip_locked=False, of=(), no_key=False):
        """No effect: the core makes sure that writers do not overwrite each other.

        Args:
            nowait (bool): as in Django.
            skip_locked (bool): as in Django.
            of (tuple[str]): as in Django.
            no_key (bool): as in Django.

        Example:

            >>> ln.ULabel.objects.select_for_update().count()
            1
        """
        return self.all()
